package samples

import (
	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/templates"
)

// dues are the authority's forms about a document's due.
func dues() []Sample {
	extend := templates.DuePage{
		Shell: officer("Gia hạn", templates.AtTasks), Document: head(document.InDrafting, 0), Key: "k1",
		ContentHash: "", Action: document.Extend, Due: due(), Until: "22/12/2026",
	}
	broken := extend
	broken.Until, broken.Reason = "hôm kia", "Mưa lũ từ ngày 10/12."
	broken.Errors = rule.Errors{{Code: "date_bad", Field: "until"}}
	exempt := extend
	exempt.Action, exempt.Title = document.Exempt, "Miễn báo cáo"
	return []Sample{
		{"due-extend", "document/due", extend},
		{"due-extend-broken", "document/due", broken},
		{"due-exempt", "document/due", exempt},
	}
}
