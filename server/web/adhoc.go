package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

const (
	adHocPath    = "/campaigns/ad-hoc"
	adHocNewPath = adHocPath + "/new"

	// usualHours is how long units have unless the request says otherwise.
	usualHours = 24
	// firstRows are the empty rows of an outline that nobody has begun.
	firstRows = 3
)

// showAdHoc is the empty page, filled in as far as law and habit go.
func (s *Server) showAdHoc(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.launchDesk(r)
	if err != nil {
		return err
	}
	ahead := period.Ahead{Span: period.SpanHours, Count: usualHours}
	f := url.Values{
		"key": {newKey()}, "code": {campaign.SuggestRequestCode(today(d), d.codeTaken)},
		"span": {string(ahead.Span)}, "due_count": {strconv.Itoa(ahead.Count)}, "due.cutoff": {clockText(17 * 60)},
		"confirm_days": {strconv.Itoa(campaign.DefaultConfirmDays)}, "resubmit_days": {strconv.Itoa(campaign.DefaultResubmitDays)},
	}
	a := adHoc{launchDesk: d, form: f}
	for row := range firstRows {
		a.sections = append(a.sections, form.Section{Required: row == 0})
	}
	a.plan.Due = ahead.Due(d.now, d.days)
	a.fit()
	page, err := s.adHocPage(r, actor, a, nil)
	if err != nil {
		return err
	}
	return s.show(w, "campaigns/ad-hoc", page)
}

// checkAdHoc takes the form from any of its buttons: a file is kept, a row moved, or
// all is checked and shown before it is launched.
func (s *Server) checkAdHoc(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	key, broken, err := s.takeRequest(r, actor)
	if err != nil {
		return err
	}
	d, err := s.launchDesk(r)
	if err != nil {
		return err
	}
	a, err := s.readAdHoc(r, d)
	if err != nil {
		return err
	}
	switch do := r.PostForm.Get("do"); do {
	case "drop":
		err = s.store.RemoveRequestFile(r.Context(), key, actor.Person)
	case "fit":
		a.fit()
	case "check", "":
		a.refit()
		broken = append(broken, a.broken()...)
		if len(broken) == 0 {
			return s.reviewAdHoc(w, r, a)
		}
	default:
		a.editRows(do)
	}
	if err != nil {
		return err
	}
	return s.adHocAgain(w, r, actor, a, broken)
}

func (s *Server) adHocAgain(w http.ResponseWriter, r *http.Request, actor staff.Actor, a adHoc, broken rule.Errors) error {
	page, err := s.adHocPage(r, actor, a, broken)
	if err != nil {
		return err
	}
	if len(broken) > 0 {
		return s.showBroken(w, "campaigns/ad-hoc", page)
	}
	return s.show(w, "campaigns/ad-hoc", page)
}

// takeRequest reads the form and keeps the file that came with it. A file that is not
// taken is told of at its field, with everything else as it was typed.
func (s *Server) takeRequest(r *http.Request, actor staff.Actor) (uuid.UUID, rule.Errors, error) {
	name, file, err := formWithFile(r, "key")
	if err != nil {
		return uuid.Nil, nil, err
	}
	key, err := uuid.Parse(r.PostForm.Get("key"))
	if err != nil {
		return uuid.Nil, nil, badForm(err)
	}
	if file == nil {
		return key, nil, nil
	}
	err = fileTooBig(s.store.AddRequestFile(r.Context(), key, name, file, actor.Person), name)
	if broken, is := asBroken(err); is {
		return key, broken, nil
	}
	return key, nil, err
}

// reviewAdHoc is what will happen when it is launched.
func (s *Server) reviewAdHoc(w http.ResponseWriter, r *http.Request, a adHoc) error {
	own := a.plan.Request.Form
	page, err := s.launchReview(r, a.launchDesk, a.plan, templates.OwnOutline(len(own.Sections), len(own.Indicators)))
	if err != nil {
		return err
	}
	page.PostURL, page.EditURL = adHocPath, adHocNewPath
	if a.plan.Due.OffHours(a.days) {
		page.Notes = append([]templates.Note{templates.OffHoursNote(page.Due.Sentence)}, page.Notes...)
	}
	// The ladder may have been fitted to the due since it was typed.
	page.Hidden = append(hiddenFields(withoutLadder(r.PostForm)), ladderFields(a.plan.Ladder)...)
	return s.show(w, "campaigns/review", page)
}

// launchAdHoc opens the campaign. The key makes a double click one campaign.
func (s *Server) launchAdHoc(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "key"); err != nil {
		return err
	}
	key, err := uuid.Parse(r.PostForm.Get("key"))
	if err != nil {
		return badForm(err)
	}
	d, err := s.launchDesk(r)
	if err != nil {
		return err
	}
	a, err := s.readAdHoc(r, d)
	if err != nil {
		return err
	}
	if len(a.unread) > 0 {
		return s.adHocAgain(w, r, actor, a, a.broken())
	}
	return s.openCampaign(w, r, key, actor, a.plan, func(broken rule.Errors) error { return s.adHocAgain(w, r, actor, a, broken) })
}

// adHocPage is the form as it stands.
func (s *Server) adHocPage(r *http.Request, actor staff.Actor, a adHoc, broken rule.Errors) (templates.AdHocPage, error) {
	f := a.form
	page := templates.AdHocPage{
		Shell: s.shell(r, templates.TitleAdHoc, templates.AtCampaigns), Key: f.Get("key"),
		Number: f.Get("request_number"), Date: f.Get("request_date"), Issuer: f.Get("request_issuer"), RequestTitle: f.Get("request_title"),
		Accept: storage.UploadAccept, MaxSize: words.Size(storage.MaxUpload),
		Spans: templates.SpanOptions(templates.SpanOf(f.Get("span"))), Count: f.Get("due_count"), Fitted: a.fitted,
		Units: rosterGroups(a.units, setOf(f["unit"])), List: f.Get("unit_list"),
		Draft: templates.LaunchDraft{
			Code: f.Get("code"), Name: f.Get("name"), WindowFrom: f.Get("window_from"), WindowTo: f.Get("window_to"),
			DueDay: f.Get("due_day"), Cutoff: f.Get("due.cutoff"), ConfirmDays: f.Get("confirm_days"), ResubmDays: f.Get("resubmit_days"),
			Rungs: typedRungs(f, a.plan.Ladder, broken, a.refitted),
		},
	}
	page.Errors = broken
	page.Crumbs = []templates.Crumb{{Label: templates.TitleCampaigns, URL: "/campaigns"}, {Label: page.Title}}
	for row, section := range a.sections {
		page.Sections = append(page.Sections, templates.OutlineRow{
			FormRow: templates.RowAt(row, len(a.sections), broken), Title: section.Title, Hint: section.Hint, Required: section.Required,
		})
	}
	a.offerIndicators(&page)
	key, err := uuid.Parse(page.Key)
	if err != nil {
		return page, badForm(err)
	}
	file, err := s.store.RequestFile(r.Context(), key, actor.Person)
	if err == nil && file != nil {
		page.File = templates.KeptFile(file.Name, file.Size)
	}
	return page, err
}

// offerIndicators lists the forms and the chosen one's indicators.
func (a adHoc) offerIndicators(page *templates.AdHocPage) {
	page.Forms = []templates.Option{templates.NoAppendix(a.form.Get("form"))}
	for _, one := range a.forms {
		if one.Kind() == document.Report {
			page.Forms = append(page.Forms, templates.FormOption(formValue(one), one.Title, one.Version, a.form.Get("form")))
		}
	}
	chosen := setOf(a.form["indicator"])
	for _, indicator := range a.offered.Indicators {
		if last := len(page.Groups) - 1; last < 0 || page.Groups[last].Name != indicator.Group {
			page.Groups = append(page.Groups, templates.PickGroup{Name: indicator.Group})
		}
		group := &page.Groups[len(page.Groups)-1]
		group.Rows = append(group.Rows, templates.PickRow{
			Code: indicator.Code, Name: indicator.Name, Unit: indicator.Unit, Checked: chosen[indicator.Code],
		})
		if chosen[indicator.Code] {
			group.Chosen++
		}
	}
}

// withoutLadder is the form without the rows of its ladder.
func withoutLadder(f url.Values) url.Values {
	rest := url.Values{}
	for name, values := range f {
		if !strings.HasPrefix(name, "rung.") {
			rest[name] = values
		}
	}
	return rest
}

// ladderFields are the rows of a ladder as a form posts them.
func ladderFields(ladder period.Ladder) []templates.HiddenField {
	var fields []templates.HiddenField
	for _, row := range rungRows(ladder, nil)[:len(ladder)] {
		name := "rung." + strconv.Itoa(row.Index) + "."
		when := row.Whens[slices.IndexFunc(row.Whens, func(o templates.Option) bool { return o.Selected })]
		fields = append(fields, templates.HiddenField{Name: name + "when", Value: when.Value}, templates.HiddenField{Name: name + "days", Value: row.Days})
		if row.Repeat {
			fields = append(fields, templates.HiddenField{Name: name + "repeat", Value: "yes"})
		}
		for _, to := range row.To {
			if to.Checked {
				fields = append(fields, templates.HiddenField{Name: name + "to", Value: to.Value})
			}
		}
	}
	return fields
}
