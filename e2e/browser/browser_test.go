package browser

import "testing"

// TestBrowser runs all journeys on one system, as one day at work: starting it
// takes longer than most of them. Each has a campaign of its own.
func TestBrowser(t *testing.T) {
	w := found(t)
	w.late = launchLate(t, w)
	for _, journey := range []struct {
		name string
		walk func(*testing.T, *town)
	}{
		{"signing in", signingIn},
		{"main journey", mainJourney},
		{"launch for all", launchAll},
		{"double click", doubleClick},
		{"stale pages", stalePages},
		{"autosave", autosave},
		{"narrative", richNarrative},
		{"figures", figuresGrid},
		{"news", liveNews},
		{"expiry", expiry},
		{"merging", merging},
		{"together", together},
		{"comparing", comparing},
		{"without scripts", withoutScripts},
		{"task list", taskList},
		{"search", searching},
		{"overdue", overdue},
		{"chasing late units", chasing},
		{"a leader", leading},
		{"engine down", engineDown},
		{"in the engine's pages", cockpit},
		{"weight", weight},
		{"every page", everyPage},
		{"by keyboard", byKeyboard},
		{"from the period before", fromBefore},
	} {
		t.Run(journey.name, func(t *testing.T) {
			journey.walk(t, w)
			w.quiet(t)
		})
	}
}
