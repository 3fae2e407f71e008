package web

import (
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

// extrasPage is the page with what stands in the fields of its form.
func (s *Server) extrasPage(r *http.Request, d *indexDesk, f url.Values) (templates.ExtrasPage, error) {
	page := templates.ExtrasPage{
		Shell: s.indexShell(r, d, templates.TitleExtras, d.rankingCrumb()), Facts: []string{d.Name}, Key: newKey(),
		Action: d.path + extrasPlace, Back: d.backToRanking(), Caps: words.ExtraCaps(d.Set), Kinds: templates.ExtraKinds(par.ExtraKind(f.Get("kind"))),
		Draft: templates.ExtraDraft{
			Unit: f.Get("unit"), Points: f.Get("points"), Reason: f.Get("reason"), Number: f.Get("number"), IssuedOn: f.Get("issued_on"), Title: f.Get("title"),
		},
		Accept: storage.UploadAccept, MaxSize: words.Size(storage.MaxUpload), Empty: templates.NoExtras(),
		Writes: d.actor.Holds(staff.Officer, s.store.Authority()),
	}
	units, err := s.store.CampaignUnits(r.Context(), d.Code)
	if err != nil {
		return page, err
	}
	page.Units = append(page.Units, templates.Option{Label: templates.ChooseUnit})
	for _, unit := range units {
		page.Units = append(page.Units, templates.Option{Value: unit.Code, Label: unit.Name, Selected: unit.Code == f.Get("unit")})
	}
	extras, err := s.store.ScoreExtras(r.Context(), d.Code)
	if err != nil {
		return page, err
	}
	for _, one := range extras {
		page.Rows = append(page.Rows, d.extraRow(one))
	}
	return page, nil
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
	units, err := s.store.CampaignUnits(r.Context(), d.Code)
	if err != nil {
		return err
	}
	return s.goToFlash(w, r, templates.Flash{Tone: templates.ToneOK, Text: words.ExtraFlash(extra.Kind, namesOf(units)[extra.Unit], extra.Points)}, d.path+extrasPlace)
}

// readExtra takes a bonus or a penalty from the form; broken is what is no number or
// day.
func readExtra(f url.Values) (par.Extra, rule.Errors) {
	var read typedReader
	e := par.Extra{
		Unit: f.Get("unit"), Kind: par.ExtraKind(f.Get("kind")), Points: read.points("points", f.Get("points")),
		Reason: f.Get("reason"), Number: f.Get("number"), Title: f.Get("title"),
	}
	if text := strings.TrimSpace(f.Get("issued_on")); text != "" {
		day, ok := dayIn(text)
		if e.IssuedOn = &day; !ok {
			read.broken.Add(dateBad, "issued_on")
		}
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
	return s.goToFlash(w, r, templates.Flash{Tone: templates.ToneOK, Text: words.ExtraWithdrawn}, d.path+extrasPlace)
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
