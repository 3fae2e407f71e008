package browser

import "testing"

// journey is a way through the system, with a campaign and windows of its own.
type journey struct {
	name string
	walk func(*testing.T, *town)
}

// alone are the journeys that no other may walk beside: they take the system's
// parts away, count the seconds until others see something, or would weigh what
// others' news bring.
var alone = []journey{
	{"news", liveNews},
	{"weight", weight},
	{"engine down", engineDown},
	{"server gone", serverGone},
}

// TestBrowser runs all journeys on one system, as one day at work: starting it
// takes longer than most of them. Most of their time is waiting, so that some are
// walked at the same time; go test -parallel says how many.
func TestBrowser(t *testing.T) {
	w := found(t)
	w.late = launchLate(t, w)
	for _, j := range alone {
		t.Run(j.name, func(t *testing.T) { j.take(t, w) })
	}
	for _, j := range []journey{
		{"every page", everyPage},
		{"launch for all", launchAll},
		{"chasing late units", chasing},
		{"dues", dues},
		{"signing in", signingIn},
		{"main journey", mainJourney},
		{"series", seriesOfCampaigns},
		{"double click", doubleClick},
		{"stale pages", stalePages},
		{"autosave", autosave},
		{"narrative", richNarrative},
		{"figures", figuresGrid},
		{"expiry", expiry},
		{"merging", merging},
		{"together", together},
		{"comparing", comparing},
		{"without scripts", withoutScripts},
		{"task list", taskList},
		{"search", searching},
		{"overdue", overdue},
		{"a leader", leading},
		{"in the engine's pages", cockpit},
		{"by keyboard", byKeyboard},
		{"from the period before", fromBefore},
		{"forms", changingForm},
		{"plan", yearlyPlan},
		{"index", yearlyIndex},
		{"adhoc", requested},
		{"plan_grid", planGrid},
		{"plan_board", planBoards},
		{"tracking", tracking},
		{"two days", twoDays},
	} {
		beside(t, w, j.name, j.walk)
	}
}

// beside walks a journey beside others.
func beside(t *testing.T, w *town, name string, walk func(*testing.T, *town)) {
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		journey{name, walk}.take(t, w)
	})
}

func (j journey) take(t *testing.T, w *town) {
	own := w.forJourney(t)
	j.walk(t, own)
	own.quiet(t)
}
