package samples

import "cchc/templates"

func help() []Sample {
	all := []Sample{{"help", "help/index", templates.HelpIndexPage{
		Shell: specialist(templates.TitleHelp, templates.AtNowhere), Groups: templates.HelpGroups, Reopens: true,
	}}}
	for _, group := range templates.HelpGroups {
		for _, topic := range group.Topics {
			shell := specialist(topic.Title, templates.AtNowhere)
			shell.Crumbs = []templates.Crumb{{Label: templates.TitleHelp, URL: "/help"}, {Label: topic.Title}}
			_, text, _ := templates.HelpTopicOf(topic.Slug)
			all = append(all, Sample{"help-" + topic.Slug, "help/topic", templates.HelpTopicPage{
				Shell: shell, Slug: topic.Slug, Groups: templates.HelpGroups, Text: text,
			}})
		}
	}
	return all
}
