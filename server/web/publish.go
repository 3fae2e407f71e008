package web

import (
	"net/http"
	"strconv"

	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// showPublish shows what would be published, and asks by which decision.
func (s *Server) showPublish(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	page, err := s.publishPage(r, actor)
	if err != nil {
		return err
	}
	return s.show(w, "index/publish", page)
}

// publishPage is the page for the result of this moment.
func (s *Server) publishPage(r *http.Request, actor staff.Actor) (templates.PublishPage, error) {
	d, err := s.indexDesk(r, actor)
	if err != nil {
		return templates.PublishPage{}, err
	}
	ranking, err := s.store.Ranking(r.Context(), actor.Reads(), d.IndexCampaign)
	if err != nil {
		return templates.PublishPage{}, err
	}
	publications, err := s.store.Publications(r.Context(), d.Code)
	if err != nil {
		return templates.PublishPage{}, err
	}
	page := templates.PublishPage{
		Shell: s.indexShell(r, d, templates.TitlePublish, d.rankingCrumb()), Facts: []string{d.Name}, Key: newKey(),
		Action: d.path + publishPlace, Back: d.backToRanking(), Digest: ranking.Digest, Number: len(publications) + 1,
		Accept: storage.UploadAccept, MaxSize: words.Size(storage.MaxUpload),
		Ranked: words.UnitsOf(ranking.Ranked()), NoneYet: ranking.Ranked() == 0, Tops: d.tops(ranking.Units),
	}
	if len(publications) > 0 {
		newest := publications[0]
		page.Earlier = words.PublicationName(newest.Number) + ": " + words.PublicationAbout(newest.Decision, newest.DecidedOn, newest.PublishedAt) + "."
		page.Unchanged = newest.Digest == ranking.Digest
	}
	for _, unit := range ranking.Units {
		if !unit.Final() {
			page.Unranked = append(page.Unranked, templates.PublishUnranked{Unit: unit.Name, Missing: words.Unranked(unit.Stage, unit.Missing)})
		}
	}
	return page, nil
}

// tops are the heads of the groups' lists.
func (d *indexDesk) tops(units []storage.RankedUnit) []templates.PublishGroup {
	var tops []templates.PublishGroup
	for _, name := range d.groupsIn(units) {
		group := templates.PublishGroup{Name: d.groupName(name)}
		classes, ranked, all := map[string]int{}, 0, 0
		for _, unit := range units {
			if unit.Group != name {
				continue
			}
			all++
			if !unit.Final() {
				continue
			}
			ranked++
			classes[unit.Class]++
			if ranked <= templates.PublishShown {
				group.Rows = append(group.Rows, rankingRow(unit))
			}
		}
		group.Units = words.RankedOf(ranked, all)
		group.More = templates.MoreRanked(ranked - len(group.Rows))
		for _, class := range d.Set.Classes {
			group.Classes = append(group.Classes, templates.Pair{Name: class.Name, Value: words.Number(classes[class.Name])})
		}
		if len(group.Rows) > 0 {
			tops = append(tops, group)
		}
	}
	return tops
}

// publish freezes the result that was on the screen.
func (s *Server) publish(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	name, file, err := formWithFile(r, "key", "digest", "publication")
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
	f := r.PostForm
	next, err := strconv.Atoi(f.Get("publication"))
	if err != nil {
		return errBadForm
	}
	var read typedReader
	n := storage.NewPublication{
		Key: key, Campaign: d.Code, Digest: f.Get("digest"), Next: next, Unranked: f.Get("unranked") != "", FileName: name, FileData: file,
		Announcement: par.Announcement{Number: f.Get("number"), IssuedOn: read.day("issued_on", f.Get("issued_on")), Title: f.Get("title"), Reason: f.Get("reason")},
		Actor:        actor, Audit: s.by(r, actor),
	}
	if read.broken != nil {
		return s.publishAgain(w, r, actor, read.broken, name)
	}
	published, err := s.store.Publish(r.Context(), n)
	if broken := brokenIn(fileTooBig(err, name)); broken != nil {
		return s.publishAgain(w, r, actor, broken, name)
	}
	if err != nil {
		return err
	}
	return s.goToFlash(w, r, templates.Flash{Tone: templates.ToneOK, Text: words.PublishedFlash(published)}, d.path+resultsPlace)
}

// publishAgain shows the page as it was typed. A result that has become another is shown
// anew: nothing is published that was not on the screen.
func (s *Server) publishAgain(w http.ResponseWriter, r *http.Request, actor staff.Actor, broken rule.Errors, lost string) error {
	page, err := s.publishPage(r, actor)
	if err != nil {
		return err
	}
	f := r.PostForm
	page.Draft = templates.PublishDraft{Number: f.Get("number"), IssuedOn: f.Get("issued_on"), Title: f.Get("title"), Reason: f.Get("reason")}
	page.Lost = lost
	if broken.Has(storage.PublishMovedOn) {
		page.MovedOn = true
		return s.render(w, http.StatusConflict, "index/publish", page)
	}
	page.Agreed = f.Get("unranked") != "" && page.Digest == f.Get("digest")
	if page.Digest != f.Get("digest") { // it was another page's list: agreed to nothing of this one
		page.MovedOn = true
	}
	page.Errors = broken
	if broken.Has(storage.PublishOvertaken) {
		return s.render(w, http.StatusConflict, "index/publish", page)
	}
	return s.showBroken(w, "index/publish", page)
}
