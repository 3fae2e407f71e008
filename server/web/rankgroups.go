package web

import (
	"net/http"
	"slices"
	"strconv"

	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// rankGroupsPath is in which groups units are ranked, for all campaigns to come.
const rankGroupsPath = "/rank-groups"

// groupsSame refuses groups that change nothing.
const groupsSame rule.Code = "rank_groups_same"

// rankGroupName is what a group is called: as somebody has named it, or by the software's
// own name.
func rankGroupName(code, name string) string {
	if name != "" {
		return name
	}
	return words.RankGroup(code)
}

// namedGroups are the groups with a name each.
func namedGroups(groups par.RankGroups) par.RankGroups {
	all := slices.Clone(groups)
	for i := range all {
		all[i].Name = rankGroupName(all[i].Code, all[i].Name)
	}
	return all
}

// groupName is what a group is called now; "": no group.
func (d *indexDesk) groupName(code string) string {
	if code == "" {
		return ""
	}
	return rankGroupName(code, d.Groups.Name(code))
}

// showRankGroups is in which group the units of each kind are ranked.
func (s *Server) showRankGroups(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	page, _, err := s.rankGroupsPage(r, actor)
	if err != nil {
		return err
	}
	return s.show(w, "index/groups", page)
}

// rankGroupsPage is the page with the groups in force in its fields.
func (s *Server) rankGroupsPage(r *http.Request, actor staff.Actor) (templates.RankGroupsPage, storage.RankGrouping, error) {
	page := templates.RankGroupsPage{
		Shell: s.shell(r, templates.TitleRankGroups, templates.AtCampaigns), Key: newKey(), Action: rankGroupsPath,
		Writes: actor.Holds(staff.Officer, s.store.Authority()),
	}
	page.Crumbs = []templates.Crumb{{Label: templates.TitleCampaigns, URL: "/campaigns"}, {Label: page.Title}}
	history, err := s.store.RankGroupings(r.Context())
	if err != nil || len(history) == 0 {
		return page, storage.RankGrouping{}, err
	}
	counts, err := s.store.UnitsByKind(r.Context())
	if err != nil {
		return page, storage.RankGrouping{}, err
	}
	now := history[0]
	now.Groups = namedGroups(now.Groups)
	page.Replaces = now.ID
	for _, one := range now.Groups {
		page.Rows = append(page.Rows, templates.RankGroupRow{
			Field: par.GroupField(one.Kind), Kind: words.UnitGroup(one.Kind), Units: words.UnitsOf(counts[one.Kind]), Name: one.Name,
		})
	}
	for i, one := range history {
		page.History = append(page.History, templates.RankGroupsSaid{
			State: templates.RankGroupsChip(i == 0), Groups: templates.GroupSentences(namedGroups(one.Groups)),
			Edited: templates.RuleEdited(one.EditedBy, one.EditedAt), Reason: one.Reason,
		})
	}
	return page, now, nil
}

// saveRankGroups lays other groups down in the place of those that were on the screen.
func (s *Server) saveRankGroups(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "key", "replaces"); err != nil {
		return err
	}
	key, err := formKey(r)
	if err != nil {
		return err
	}
	replaces, err := strconv.ParseInt(r.PostForm.Get("replaces"), 10, 64)
	if err != nil {
		return errBadForm
	}
	page, now, err := s.rankGroupsPage(r, actor)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for i, one := range now.Groups {
		names[one.Kind] = r.PostForm.Get(par.GroupField(one.Kind))
		page.Rows[i].Name = names[one.Kind]
	}
	page.Reason = r.PostForm.Get("reason")
	fresh := now.Groups.Regroup(names, storage.Fold)
	if replaces == now.ID && fresh.Same(now.Groups) {
		err = rule.Broken(groupsSame, "")
	} else {
		err = s.store.AddRankGroups(r.Context(), storage.NewRankGroups{
			Key: key, Replaces: replaces, Groups: fresh, Reason: page.Reason, Actor: actor, Audit: s.by(r, actor),
		})
	}
	if broken := brokenIn(err); broken != nil {
		page.Errors = broken
		if broken.Has(storage.RankGroupsReplaced) {
			return s.render(w, http.StatusConflict, "index/groups", page)
		}
		return s.showBroken(w, "index/groups", page)
	}
	if err != nil {
		return err
	}
	return s.goToFlash(w, r, templates.RankGroupsSaved, rankGroupsPath)
}
