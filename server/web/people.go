package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"

	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

const accountsPath = "/admin/accounts"

// accountsPerPage keeps a page of the list short enough to read.
const accountsPerPage = 50

func (s *Server) accountsShell(r *http.Request, title string) templates.Shell {
	shell := s.shell(r, title, templates.AtAdmin)
	if title != templates.TitleAccounts {
		shell.Crumbs = []templates.Crumb{{Label: templates.TitleAccounts, URL: accountsPath}, {Label: title}}
	}
	return shell
}

// showAccounts is the list, filtered by the query in the URL.
func (s *Server) showAccounts(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	query := r.URL.Query()
	number, err := strconv.Atoi(query.Get("page"))
	if err != nil || number < 1 {
		number = 1
	}
	filter := storage.AccountFilter{
		Query: query.Get("q"), Unit: query.Get("unit"), State: query.Get("state"),
		Offset: (number - 1) * accountsPerPage, Limit: accountsPerPage,
	}
	entries, total, err := s.store.Accounts(r.Context(), filter)
	if err != nil {
		return err
	}
	units, err := s.store.Units(r.Context())
	if err != nil {
		return err
	}
	page := templates.AccountsPage{
		Shell: s.accountsShell(r, templates.TitleAccounts), Query: filter.Query,
		Units:  templates.UnitOptions(units, filter.Unit, templates.AllUnits),
		States: templates.AccountStates(filter.State),
		Paging: paging(r.URL, number, len(entries), accountsPerPage, total, templates.PeopleNoun),
	}
	for _, e := range entries {
		page.Rows = append(page.Rows, templates.AccountRow{
			URL: accountPath(e.ID), Name: e.Name, Username: e.Username, Mail: e.Mail,
			Positions: positionWords(e.Positions), Chip: templates.AccountChip(e.State, e.LockedUntil != nil),
		})
	}
	if len(page.Rows) == 0 {
		page.Empty = templates.NoAccounts(filter.Query+filter.Unit+filter.State != "")
	}
	return s.show(w, "people/list", page)
}

func accountPath(person int64) string { return accountsPath + "/" + strconv.FormatInt(person, 10) }

func positionWords(positions []storage.HeldPosition) []string {
	var texts []string
	for _, p := range positions {
		texts = append(texts, words.Position(p.Role, p.UnitName))
	}
	return texts
}

// paging tells which rows are shown; the URLs keep the filters.
func paging(at *url.URL, number, shown, size, total int, noun string) templates.Paging {
	p := templates.Paging{From: (number-1)*size + 1, To: (number-1)*size + shown, Total: total, Noun: noun}
	turn := func(to int) string {
		query := at.Query()
		query.Set("page", strconv.Itoa(to))
		return at.Path + "?" + query.Encode()
	}
	if number > 1 {
		p.PreviousURL = turn(number - 1)
	}
	if p.To < total && shown > 0 {
		p.NextURL = turn(number + 1)
	}
	return p
}

// number reads a row's number from the path: what is none names nothing.
func number(r *http.Request, name string) (int64, error) {
	n, err := strconv.ParseInt(chi.URLParam(r, name), 10, 64)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%s in the path: %w", name, storage.ErrNotFound)
	}
	return n, nil
}

func (s *Server) showAccount(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	person, err := number(r, "person")
	if err != nil {
		return err
	}
	page, err := s.accountPage(r, actor, person, staff.Position{})
	if err != nil {
		return err
	}
	return s.show(w, "people/show", page)
}

func (s *Server) accountPage(r *http.Request, actor staff.Actor, person int64, chosen staff.Position) (templates.AccountPage, error) {
	e, err := s.store.AccountEntry(r.Context(), person)
	if err != nil {
		return templates.AccountPage{}, err
	}
	units, err := s.store.Units(r.Context())
	if err != nil {
		return templates.AccountPage{}, err
	}
	page := templates.AccountPage{
		Shell: s.accountsShell(r, e.Name), Key: newKey(), URL: accountPath(person),
		Username: e.Username, Mail: e.Mail, Chip: templates.AccountChip(e.State, e.LockedUntil != nil),
		Facts: templates.AccountFacts(e.CreatedAt, e.LockedUntil, e.CodeExpires),
		Own:   person == actor.Person, Closed: e.State == "closed",
		Units: templates.UnitOptions(units, chosen.Unit, templates.ChooseUnit),
		Roles: templates.RoleOptions(chosen.Role),
	}
	for _, p := range e.Positions {
		row := templates.PositionRow{Text: words.Position(p.Role, p.UnitName), When: templates.PositionTime(p.From, p.To)}
		if p.To == nil && !page.Own && !page.Closed {
			row.EndURL = page.URL + "/positions/" + strconv.FormatInt(p.ID, 10) + "/end"
		}
		page.Positions = append(page.Positions, row)
	}
	return page, nil
}

// by is the administrator as the line of evidence tells of them.
func (s *Server) by(r *http.Request, actor staff.Actor) storage.Audit {
	return storage.Audit{
		Person: actor.Person, Username: actor.Username,
		Address: clientAddress(r), Request: visitOf(r.Context()).id,
	}
}

// changeAccount runs a change of the account named in the path and goes back to
// it with a banner; what is refused is shown there.
func (s *Server) changeAccount(w http.ResponseWriter, r *http.Request, actor staff.Actor, chosen staff.Position,
	change func(person int64) error, done func(name string) templates.Flash) error {
	person, err := number(r, "person")
	if err != nil {
		return err
	}
	entry, err := s.store.AccountEntry(r.Context(), person)
	if err != nil {
		return err
	}
	err = change(person)
	var broken rule.Errors
	if errors.As(err, &broken) {
		page, err := s.accountPage(r, actor, person, chosen)
		if err != nil {
			return err
		}
		page.Errors = broken
		return s.showBroken(w, "people/show", page)
	}
	if err != nil {
		return err
	}
	if err := s.flash(r, done(entry.Name)); err != nil {
		return err
	}
	return goTo(w, r, accountPath(person))
}

func (s *Server) addPosition(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	p := staff.Position{Unit: r.PostFormValue("unit"), Role: staff.Role(r.PostFormValue("role"))}
	return s.changeAccount(w, r, actor, p, func(person int64) error {
		return s.store.AddPosition(r.Context(), s.by(r, actor), person, p)
	}, func(name string) templates.Flash {
		unit, err := s.store.Unit(r.Context(), p.Unit)
		if err != nil {
			unit.Name = p.Unit
		}
		return templates.PositionAddedFlash(name, words.Position(p.Role, unit.Name))
	})
}

func (s *Server) endPosition(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	position, err := number(r, "position")
	if err != nil {
		return err
	}
	return s.changeAccount(w, r, actor, staff.Position{}, func(person int64) error {
		return s.store.EndPosition(r.Context(), s.by(r, actor), person, position)
	}, templates.PositionEndedFlash)
}

func (s *Server) closeAccount(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	return s.changeAccount(w, r, actor, staff.Position{}, func(person int64) error {
		return s.store.CloseAccount(r.Context(), s.by(r, actor), person)
	}, templates.AccountClosedFlash)
}

// reissueCode answers with the code itself: it is shown once and kept nowhere,
// so there is no page to go to.
func (s *Server) reissueCode(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	person, err := number(r, "person")
	if err != nil {
		return err
	}
	issued, err := s.store.ReissueCode(r.Context(), s.by(r, actor), person)
	var broken rule.Errors
	if errors.As(err, &broken) {
		page, err := s.accountPage(r, actor, person, staff.Position{})
		if err != nil {
			return err
		}
		page.Errors = broken
		return s.showBroken(w, "people/show", page)
	}
	if err != nil {
		return err
	}
	entry, err := s.store.AccountEntry(r.Context(), person)
	if err != nil {
		return err
	}
	return s.show(w, "people/codes", templates.CodesPage{
		Shell: s.accountsShell(r, templates.TitleCodes), Expires: issued.Expires,
		Codes: []templates.IssuedCode{{
			Name: issued.Name, Username: issued.Username, Code: issued.Code, Positions: positionWords(entry.Positions),
		}},
	})
}

func (s *Server) showImport(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	return s.show(w, "people/import", templates.NewImportPage(s.accountsShell(r, templates.TitleImport), newKey(), ""))
}

// importPeople checks a list and shows what it would make; the second post,
// "save", makes it. The list travels in the form between the two.
func (s *Server) importPeople(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	list, err := listOf(r)
	if err != nil {
		return err
	}
	people, err := s.store.CheckPeople(r.Context(), list)
	var issued []storage.Issued
	if err == nil && r.PostFormValue("step") == "save" {
		issued, err = s.store.ImportPeople(r.Context(), s.by(r, actor), people)
	}
	page := templates.NewImportPage(s.accountsShell(r, templates.TitleImport), newKey(), list)
	var broken rule.Errors
	if errors.As(err, &broken) {
		page.Errors = aboutList(broken)
		return s.showBroken(w, "people/import", page)
	}
	if err != nil {
		return err
	}
	names, err := s.unitNames(r)
	if err != nil {
		return err
	}
	if issued != nil {
		return s.showCodes(w, r, issued, names)
	}
	for _, p := range people {
		page.Preview = append(page.Preview, templates.ImportRow{
			Row: p.Row, Name: p.Name, Mail: p.Mail, Username: p.Username, Position: words.Position(p.Role, names[p.Unit]),
		})
	}
	return s.show(w, "people/import", page)
}

func (s *Server) showCodes(w http.ResponseWriter, r *http.Request, issued []storage.Issued, names map[string]string) error {
	page := templates.CodesPage{Shell: s.accountsShell(r, templates.TitleCodes), Expires: issued[0].Expires}
	for _, one := range issued {
		code := templates.IssuedCode{Name: one.Name, Username: one.Username, Code: one.Code}
		for _, p := range one.Positions {
			code.Positions = append(code.Positions, words.Position(p.Role, names[p.Unit]))
		}
		page.Codes = append(page.Codes, code)
	}
	return s.show(w, "people/codes", page)
}

// listOf is the list of a form: the file if one was chosen, else what was pasted.
func listOf(r *http.Request) (string, error) {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		if err := r.ParseMultipartForm(bodyLimit); err != nil { //nolint:gosec // every route limits its body, see handle
			return "", badForm(err)
		}
		file, _, err := r.FormFile("file")
		switch {
		case err == nil:
			defer func() { _ = file.Close() }()
			data, err := io.ReadAll(file)
			if err != nil {
				return "", badForm(err)
			}
			if len(data) > 0 {
				return strings.ToValidUTF8(string(data), "\uFFFD"), nil
			}
		case !errors.Is(err, http.ErrMissingFile):
			return "", badForm(err)
		}
	}
	list := r.PostFormValue("list")
	if !utf8.ValidString(list) {
		return "", errBadForm
	}
	return list, nil
}

// aboutList points the problems of rows to the field that holds the rows.
func aboutList(broken rule.Errors) rule.Errors {
	about := make(rule.Errors, len(broken))
	for i, e := range broken {
		e.Field = "list"
		about[i] = e
	}
	return about
}

func (s *Server) unitNames(r *http.Request) (map[string]string, error) {
	units, err := s.store.Units(r.Context())
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(units))
	for _, u := range units {
		names[u.Code] = u.Name
	}
	return names, nil
}
