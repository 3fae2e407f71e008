package browser

import (
	"strconv"
	"testing"

	"cchc/domain/document"
)

// display is a campaign with a document at every stage, for pages to be looked at.
type display struct {
	campaign                              string
	drafting, reviewed, signing, handedIn string // documents
	returned, accountPage                 string
}

// displayed prepares the display once.
func (w *town) displayed(t *testing.T) *display {
	t.Helper()
	w.shared.mutex.Lock()
	defer w.shared.mutex.Unlock()
	if w.shared.display != nil {
		return w.shared.display
	}
	code := w.launch(t, "Báo cáo CCHC quý IV năm 2026 của Thành phố", soon(),
		finance.unit, health.unit, saigon.unit, canGio.unit, "SNV", "STP", "SXD")
	again := w.launch(t, "Báo cáo CCHC đột xuất tháng 11 năm 2026", soon(), finance.unit)
	d := &display{
		campaign: code, drafting: code + "-" + finance.unit, reviewed: code + "-" + health.unit,
		signing: code + "-" + saigon.unit, handedIn: code + "-" + canGio.unit, returned: again + "-" + finance.unit,
	}
	w.fill(t, d.drafting, finance.specialist)
	// Something to mend: a broken rule, a missing figure, an unwritten part.
	w.exec(t, `update draft_figures set value = 48 where document_id = $1 and indicator = '1.2'`, d.drafting)
	w.exec(t, `delete from draft_figures where document_id = $1 and indicator in ('3.1', '3.2')`, d.drafting)
	w.exec(t, `delete from draft_sections where document_id = $1 and section = 'III'`, d.drafting)
	for id, people := range map[string]office{d.reviewed: health, d.signing: saigon, d.handedIn: canGio, d.returned: finance} {
		w.fill(t, id, people.specialist)
		w.decide(t, id, document.Submit, people.specialist)
		if id == d.signing || id == d.handedIn {
			w.decide(t, id, document.Approve, people.head)
		}
	}
	sign(w.as(t, canGio.director), d.handedIn)
	w.decide(t, d.returned, document.Return, finance.head)
	var person int64
	if err := w.Owner.QueryRow(`select id from persons where username = $1`, health.head).Scan(&person); err != nil {
		t.Fatal(err)
	}
	d.accountPage = "/admin/accounts/" + strconv.FormatInt(person, 10)
	w.shared.display = d
	return d
}

// views is every page with the person who looks at it.
func (d *display) views() []view {
	at := func(id, page string) string { return "/documents/" + id + page }
	return []view{
		{finance.specialist, "tasks-specialist", "/tasks"},
		{finance.specialist, "document-drafting", at(d.drafting, "")},
		{finance.specialist, "section", at(d.drafting, "/sections/I")},
		{finance.specialist, "figures-1", at(d.drafting, "/figures/1")},
		{finance.specialist, "figures-3", at(d.drafting, "/figures/3")},
		{finance.specialist, "files", at(d.drafting, "/files")},
		{finance.specialist, "check-problems", at(d.drafting, "/check")},
		{finance.specialist, "document-returned", at(d.returned, "")},
		{finance.specialist, "check-ready", at(d.returned, "/check")},
		{finance.specialist, "notices", "/notices"},
		{finance.specialist, "profile", "/profile"},
		{finance.specialist, "password", "/password"},
		{finance.specialist, "campaigns-specialist", "/campaigns"},
		{health.specialist, "document-submitted", at(d.reviewed, "")},
		{health.specialist, "recall", at(d.reviewed, "/recall")},
		{health.head, "tasks-head", "/tasks"},
		{health.head, "review-head", at(d.reviewed, "/review")},
		{health.head, "return-head", at(d.reviewed, "/return")},
		{saigon.clerk, "document-clerk", at(d.signing, "")},
		{saigon.clerk, "number", at(d.signing, "/number")},
		{saigon.director, "tasks-director", "/tasks"},
		{saigon.director, "sign", at(d.signing, "/sign")},
		{canGio.director, "document-director", at(d.handedIn, "")},
		{officer, "tasks-officer", "/tasks"},
		{officer, "review-officer", at(d.handedIn, "/review")},
		{officer, "return-officer", at(d.handedIn, "/return")},
		{officer, "extend", at(d.drafting, "/extend")},
		{officer, "exempt", at(d.drafting, "/exempt")},
		{officer, "notices-officer", "/notices"},
		{officer, "unreached", "/notices/unreached"},
		{officer, "campaigns", "/campaigns"},
		{officer, "board", "/campaigns/" + d.campaign},
		{officer, "board-add-units", "/campaigns/" + d.campaign + "/units"},
		{officer, "launch", "/campaigns/new"},
		{officer, "calendar", "/calendar"},
		{chief, "tasks-authority-head", "/tasks"},
		{accounts, "accounts", "/admin/accounts"},
		{accounts, "accounts-import", "/admin/accounts/import"},
		{accounts, "account", d.accountPage},
		{operator, "operations", "/operations"},
		{cityViewer, "campaigns-viewer", "/campaigns"},
		{cityViewer, "board-viewer", "/campaigns/" + d.campaign},
		{cityViewer, "tasks-viewer", "/tasks"},
		{cityViewer, "document-viewer", at(d.handedIn, "")},
		{finance.specialist, "filters", "/tasks/views"},
		{officer, "overdue", "/campaigns/" + d.campaign + "/overdue"},
		{officer, "remind", "/campaigns/" + d.campaign + "/remind"},
		{finance.specialist, "help", "/help"},
		{finance.specialist, "help-document", "/help/document"},
		{officer, "help-board", "/help/board"},
	}
}
