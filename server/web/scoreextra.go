package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// unitsFound is how many units a search for one offers.
const unitsFound = 20

// showExtras lists the bonuses and penalties of a campaign.
func (s *Server) showExtras(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.indexDesk(r, actor)
	if err != nil {
		return err
	}
	page, err := s.extrasPage(r, d, url.Values{"unit": {r.URL.Query().Get("unit")}})
	if err != nil {
		return err
	}
	return s.show(w, "index/extras", page)
}

// extrasPage is the page with what stands in the fields of its form. The address says
// which part of the list is shown.
func (s *Server) extrasPage(r *http.Request, d *indexDesk, f url.Values) (templates.ExtrasPage, error) {
	q := r.URL.Query()
	filter := storage.ExtraFilter{Query: q.Get("q"), Page: pageNumber(q)}
	page := templates.ExtrasPage{
		Shell: s.indexShell(r, d, templates.TitleExtras, d.rankingCrumb()), Facts: []string{d.Name}, Key: newKey(),
		Action: d.path + extrasPlace, Back: d.backToRanking(), Caps: words.ExtraCaps(d.Set), Kinds: templates.ExtraKinds(par.ExtraKind(f.Get("kind"))),
		Draft: templates.ExtraDraft{
			Unit: f.Get("unit"), Points: f.Get("points"), Reason: f.Get("reason"), Number: f.Get("number"), IssuedOn: f.Get("issued_on"), Title: f.Get("title"),
		},
		Accept: storage.UploadAccept, MaxSize: words.Size(storage.MaxUpload), Empty: templates.NoExtras(filter.Query, d.path+extrasPlace), Query: filter.Query,
		Writes: d.actor.Holds(staff.Officer, s.store.Authority()),
	}
	if err := s.chooseExtraUnit(r, d, &page); err != nil {
		return page, err
	}
	extras, matching, err := s.store.ScoreExtras(r.Context(), d.Code, filter)
	if err != nil {
		return page, err
	}
	page.Matching = words.Number(matching)
	page.Paging = paging(extrasAt(d, filter), filter.Page, len(extras), storage.ExtraPage, matching, templates.ExtrasNoun)
	for _, one := range extras {
		row := d.extraRow(one)
		row.Action = withQuery(page.Action+"/"+row.ID, extrasAt(d, filter).Query())
		page.Rows = append(page.Rows, row)
	}
	return page, nil
}

// extrasAt is the address of a part of the list, without what else the page was asked.
func extrasAt(d *indexDesk, f storage.ExtraFilter) *url.URL {
	q := url.Values{}
	if f.Query != "" {
		q.Set("q", f.Query)
	}
	if f.Page > 1 {
		q.Set("page", strconv.Itoa(f.Page))
	}
	return &url.URL{Path: d.path + extrasPlace, RawQuery: q.Encode()}
}

// chooseExtraUnit puts the unit that was chosen into the form, or offers those that a few
// letters may mean: a list of all of them would be thousands of lines long.
func (s *Server) chooseExtraUnit(r *http.Request, d *indexDesk, page *templates.ExtrasPage) error {
	if page.Draft.Unit != "" {
		unit, err := s.store.CampaignUnit(r.Context(), d.Code, page.Draft.Unit)
		if err == nil {
			page.Unit = unit.Name
		}
		if !errors.Is(err, storage.ErrNotFound) {
			return err
		}
	}
	if page.Find = strings.TrimSpace(r.URL.Query().Get("find")); page.Find == "" {
		return nil
	}
	found, err := s.store.FindCampaignUnits(r.Context(), d.Code, page.Find, unitsFound+1)
	if err != nil {
		return err
	}
	for _, unit := range found[:min(len(found), unitsFound)] {
		page.Found = append(page.Found, templates.Link{Label: unit.Name, URL: withQuery(page.Action, url.Values{"unit": {unit.Code}}) + templates.ExtraFormAnchor})
	}
	page.FoundMore = len(found) > unitsFound
	return nil
}

func (d *indexDesk) extraRow(one storage.ScoreExtra) templates.ExtraRow {
	row := templates.ExtraRow{
		ID: strconv.FormatInt(one.ID, 10), Key: newKey(), Unit: one.UnitName, Points: words.ExtraPoints(one.Kind, one.Points), Kind: words.ExtraKind(one.Kind),
		Reason: one.Reason, Document: words.ExtraDocument(one.Extra), About: words.AddedBy(one.AddedBy, one.AddedAt, d.Now),
	}
	if one.FileHash != nil {
		row.File = &templates.File{Label: one.FileName, URL: d.path + extrasPlace + "/files/" + *one.FileHash}
	}
	if one.WithdrawnAt != nil {
		row.Withdrawn = words.WithdrawnBy(*one.WithdrawnBy, *one.WithdrawnAt, d.Now, one.WithdrawnWhy)
	}
	return row
}

// addExtra adds a bonus or a penalty; its file is read as it comes, after the fields.
func (s *Server) addExtra(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	name, file, err := formWithFile(r, "key")
	if err != nil {
		return err
	}
	key, err := formKey(r)
	if err != nil {
		return err
	}
	d, err := s.indexDesk(r, actor)
	if err != nil {
		return err
	}
	extra, broken := readExtra(r.PostForm)
	if broken == nil {
		err = fileTooBig(s.store.AddExtra(r.Context(), storage.NewExtra{
			Extra: extra, Key: key, Campaign: d.Code, FileName: name, File: file, Actor: actor, Audit: s.by(r, actor),
		}), name)
		broken = brokenIn(err)
	}
	if broken != nil {
		page, err := s.extrasPage(r, d, r.PostForm)
		if err != nil {
			return err
		}
		page.Errors, page.Lost = broken, name
		return s.showBroken(w, "index/extras", page)
	}
	if err != nil {
		return err
	}
	unit, err := s.store.CampaignUnit(r.Context(), d.Code, extra.Unit)
	if err != nil {
		return err
	}
	return s.goToFlash(w, r, templates.Flash{Tone: templates.ToneOK, Text: words.ExtraFlash(extra.Kind, unit.Name, extra.Points)}, d.path+extrasPlace)
}

// readExtra takes a bonus or a penalty from the form; broken is what is no number or
// day.
func readExtra(f url.Values) (par.Extra, rule.Errors) {
	var read typedReader
	e := par.Extra{
		Unit: f.Get("unit"), Kind: par.ExtraKind(f.Get("kind")), Points: read.points("points", f.Get("points")),
		Reason: f.Get("reason"), Number: f.Get("number"), IssuedOn: read.day("issued_on", f.Get("issued_on")), Title: f.Get("title"),
	}
	return e, read.broken
}

// withdrawExtra takes a bonus or a penalty back.
func (s *Server) withdrawExtra(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "why"); err != nil {
		return err
	}
	id, err := number(r, "extra")
	if err != nil {
		return err
	}
	d, err := s.indexDesk(r, actor)
	if err != nil {
		return err
	}
	why := r.PostForm.Get("why")
	err = s.store.WithdrawExtra(r.Context(), d.Code, id, why, actor, s.by(r, actor))
	if broken := brokenIn(err); broken != nil {
		return s.notWithdrawn(w, r, d, strconv.FormatInt(id, 10), why, broken)
	}
	if err != nil {
		return err
	}
	q := r.URL.Query()
	back := extrasAt(d, storage.ExtraFilter{Query: q.Get("q"), Page: pageNumber(q)})
	return s.goToFlash(w, r, templates.Flash{Tone: templates.ToneOK, Text: words.ExtraWithdrawn}, back.String())
}

// notWithdrawn shows the list again with what is wrong, at the row that it is about.
func (s *Server) notWithdrawn(w http.ResponseWriter, r *http.Request, d *indexDesk, id, why string, broken rule.Errors) error {
	page, err := s.extrasPage(r, d, nil)
	if err != nil {
		return err
	}
	for i, row := range page.Rows {
		if row.ID == id && row.Withdrawn == "" {
			page.Rows[i].Error, page.Rows[i].Why = words.Message(broken[0]), why
			return s.showBroken(w, "index/extras", page)
		}
	}
	page.Errors = rule.Broken(broken[0].Code, "")
	return s.render(w, http.StatusConflict, "index/extras", page)
}

// extraFile sends the document of a bonus or a penalty.
func (s *Server) extraFile(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.indexDesk(r, actor)
	if err != nil {
		return err
	}
	file, err := s.store.ExtraFile(r.Context(), d.Code, chi.URLParam(r, "hash"))
	if err != nil {
		return err
	}
	return s.sendKept(w, r, d.Code, file.Hash, file.Name, file.MediaType)
}
