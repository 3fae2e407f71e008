package templates

import (
	"io/fs"
	"strings"
	"testing"

	"cchc/domain/staff"
)

// TestEveryPageHasItsHelp holds help and register together in both directions.
func TestEveryPageHasItsHelp(t *testing.T) {
	slugs, pages := map[string]bool{}, map[string]bool{}
	for _, group := range HelpGroups {
		for _, topic := range group.Topics {
			if slugs[topic.Slug] {
				t.Errorf("topic %s stands twice", topic.Slug)
			}
			slugs[topic.Slug] = true
			for _, page := range topic.Pages {
				if _, known := register[page]; !known {
					t.Errorf("topic %s is about %s, which is no page", topic.Slug, page)
				}
				if pages[page] {
					t.Errorf("page %s has two helps", page)
				}
				pages[page] = true
			}
			checkHelpText(t, topic)
		}
	}
	for page := range register {
		if _, err := helpAddress(page); err != nil {
			t.Error(err)
		}
	}
	files, err := fs.ReadDir(helpFiles, "help")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !slugs[strings.TrimSuffix(file.Name(), ".html")] {
			t.Errorf("help/%s is in no group", file.Name())
		}
	}
}

// checkHelpText: a text begins with what the screen is for, and has parts.
func checkHelpText(t *testing.T, topic HelpTopic) {
	t.Helper()
	_, text, known := HelpTopicOf(topic.Slug)
	switch {
	case !known:
		t.Errorf("topic %s has no text", topic.Slug)
	case !strings.HasPrefix(string(text), `<p class="lead">`) || strings.Count(string(text), "<h2>") < 1 || strings.Contains(string(text), "<h1"):
		t.Errorf("help/%s.html does not begin with its purpose, or has no parts", topic.Slug)
	case len(topic.Pages) == 0:
		t.Errorf("topic %s is about no page", topic.Slug)
	}
}

func TestEveryRoleHasAFirstLook(t *testing.T) {
	for _, role := range staff.Roles {
		look := FirstLookOf(role)
		if look == nil || len(look.Lines) < 3 || len(look.Lines) > 4 {
			t.Errorf("%s: %+v", role, look)
			continue
		}
		for _, line := range look.Lines {
			if slug, help := strings.CutPrefix(line.Link.URL, "/help/"); help {
				if _, _, known := HelpTopicOf(slug); !known {
					t.Errorf("%s is sent to %s, which is not there", role, line.Link.URL)
				}
			}
		}
	}
}
