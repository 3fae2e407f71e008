package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/e2e/stack"
	"cchc/storage"
	"cchc/storage/storagetest/volume"
)

// An office day in little: 200 people, of whom three each at soakUnits units carry
// one campaign after the other through its chain, some officers who decide, and
// readers.
const (
	soakUsers    = 200
	soakUnits    = 50
	soakOfficers = 10
	relaunched   = 3 * time.Minute
	shortThought = 5 * time.Second // between two things a person does
	longThought  = 15 * time.Second
)

// soakTime is how long it lasts; CCHC_SOAK_MINUTES.
var soakTime = time.Duration(number("CCHC_SOAK_MINUTES", 30)) * time.Minute

// soak is the day: what was done, how long each took, what went wrong.
type soak struct {
	*town
	over   context.Context
	mutex  sync.Mutex
	took   map[string][]time.Duration
	late   int // decisions on what somebody had decided meanwhile
	events int // heard by open pages
	wrong  []error
	newest string // campaign of the city
}

// measureSoak: no error, and no memory that grows. The slope is that of the
// second half, when everything has been used once.
func (t *town) measureSoak(b *testing.B) {
	t.open(b)
	over, end := context.WithCancel(context.Background())
	s := &soak{town: t, over: over, took: map[string][]time.Duration{}}
	if err := t.Owner.QueryRow(`select code from campaigns where period <> '' and code not like 'bc-________' order by due_at desc limit 1`).Scan(&s.newest); err != nil {
		b.Fatal(err)
	}
	users := s.users(b)
	t.write(b, t.launch(b, soakUnits, later()))
	memories := newMemories(t)
	began := time.Now()
	var group sync.WaitGroup
	for _, u := range users {
		group.Go(u.live)
		if u.role != staff.Officer { // one person may keep few pages open
			group.Go(u.hear)
		}
	}
	group.Go(func() { memories.watch(over) })
	for time.Since(began) < soakTime {
		time.Sleep(min(relaunched, time.Until(began.Add(soakTime))))
		if time.Until(began.Add(soakTime)) > relaunched/2 {
			t.write(b, t.launch(b, soakUnits, later()))
		}
	}
	end()
	group.Wait()
	s.tell(b, time.Since(began), memories)
}

// user is one person with a window, and what they do next.
type user struct {
	*soak
	*visitor
	role  staff.Role
	unit  string
	actor staff.Actor
	dice  *rand.Rand
	do    func(*user) error
	saves int
}

// users signs everybody in.
func (s *soak) users(b *testing.B) []*user {
	b.Helper()
	var users []*user
	add := func(role staff.Role, unit, username string, do func(*user) error) {
		n := uint64(len(users))
		users = append(users, &user{soak: s, role: role, unit: unit, actor: s.people[unit][role], do: do, dice: rand.New(rand.NewPCG(n, 1)), visitor: &visitor{name: username}})
	}
	for _, unit := range s.units[:soakUnits] {
		add(staff.Specialist, unit, volume.Username(unit, "specialist"), (*user).write)
		add(staff.DivisionHead, unit, volume.Username(unit, "division_head"), (*user).review)
		add(staff.Director, unit, volume.Username(unit, "director"), (*user).sign)
	}
	for range soakOfficers {
		add(staff.Officer, volume.Authority, volume.Officer, (*user).oversee)
	}
	for i := len(users); i < soakUsers; i++ {
		unit := s.units[soakUnits+i%(len(s.units)-soakUnits)]
		add(staff.Viewer, unit, volume.Username(unit, "specialist"), (*user).browse)
	}
	var group errgroup.Group
	group.SetLimit(signingIn)
	for _, u := range users {
		group.Go(func() (err error) {
			u.visitor, err = s.visit(u.name)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		b.Fatal(err)
	}
	return users
}

// live is a person's day: think, do, think.
func (u *user) live() {
	for {
		select {
		case <-u.over.Done():
			return
		case <-time.After(shortThought + time.Duration(u.dice.Int64N(int64(longThought-shortThought)))):
		}
		if err := u.do(u); err != nil && u.over.Err() == nil {
			u.soak.fails(fmt.Errorf("%s: %w", u.name, err))
		}
	}
}

func (s *soak) fails(err error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.wrong = append(s.wrong, err)
}

// timed keeps how long a kind of thing took.
func (s *soak) timed(kind string, began time.Time) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.took[kind] = append(s.took[kind], time.Since(began))
}

// see reads a page.
func (u *user) see(kind, path string) (answer, error) {
	began := time.Now()
	a, err := u.visitor.read(path)
	u.timed(kind, began)
	return a, a.in(path, err)
}

// next is a document of the running campaigns at the person's desk; empty: none. One
// whose decision is on its way is left alone, as its page asks, and so is a draft that
// the town has not filled in yet.
func (u *user) next() (id string, err error) {
	const find = `
		select coalesce((select t.document_id from tasks t where t.unit_code = $1 and t.role = $2 and t.closed_at is null
			and t.document_id like 'bc-________-%'
			and not exists (select from decisions d where d.document_id = t.document_id and d.outcome is null)
			and exists (select from draft_figures f where f.document_id = t.document_id)
			order by random() limit 1), '')`
	return id, u.Owner.QueryRow(find, u.unit, u.role).Scan(&id)
}

// write: a section more, and the report goes up when some have been written.
func (u *user) write() error {
	if _, err := u.see("my tasks", "/tasks"); err != nil {
		return err
	}
	id, err := u.next()
	if err != nil || id == "" {
		return err
	}
	if u.saves < 4 {
		return u.save(id)
	}
	u.saves = 0
	page, err := u.see("check before a submission", "/documents/"+id+"/check")
	if err != nil {
		return err
	}
	return u.decide("submission", page.body, id, "submit", nil)
}

// save opens a section, and saves it three times as its script does.
func (u *user) save(id string) error {
	u.saves++
	path := "/documents/" + id + "/sections/" + []string{"I", "II.1", "II.2", "III"}[u.dice.IntN(4)]
	page, err := u.see("section of a draft", path)
	if err != nil {
		return err
	}
	version := wholeOf(hiddenOf(page.body, path)["base_version"])
	for i := range 3 {
		began := time.Now()
		form := url.Values{"text": {fmt.Sprintf("%s Lần %d, %d.", narrative, began.UnixNano(), i)}, "base_version": {fmt.Sprint(version + i)}}
		a, err := u.visitor.do(http.MethodPost, path, form, false, "Accept", "application/json")
		u.timed("autosave", began)
		if err == nil && a.status == http.StatusConflict { // the campaign's first texts came meanwhile: both sides are shown
			u.beaten()
			return nil
		}
		if err := a.in(path, err); err != nil {
			return err
		}
		time.Sleep(time.Second)
	}
	return nil
}

// review: the head of the division lets most through.
func (u *user) review() error {
	if _, err := u.see("my tasks", "/tasks"); err != nil {
		return err
	}
	id, err := u.next()
	if err != nil || id == "" {
		return err
	}
	return u.judge(id, "approval", "approve")
}

// judge reads the review and decides: one in seven goes back.
func (u *user) judge(id, kind, action string) error {
	page, err := u.see("review", "/documents/"+id+"/review")
	if err != nil || page.path != "/documents/"+id+"/review" {
		return err
	}
	if u.dice.IntN(7) > 0 {
		return u.decide(kind, page.body, id, action, nil)
	}
	back, err := u.see("page of a return", "/documents/"+id+"/return")
	if back.status == http.StatusConflict { // somebody has decided since the review was read
		u.beaten()
		return nil
	}
	if err != nil {
		return err
	}
	return u.decide("return", back.body, id, "return", url.Values{"reason": {"Số liệu mục II.2 chưa khớp."}})
}

// sign: the director reads, and signs by the same road as the page, in this
// process, where the keys are.
func (u *user) sign() error {
	if _, err := u.see("my tasks", "/tasks"); err != nil {
		return err
	}
	id, err := u.next()
	if err != nil || id == "" {
		return err
	}
	if _, err := u.see("document", "/documents/"+id); err != nil {
		return err
	}
	view, err := u.Store.DocumentView(context.Background(), u.actor.Reads(), id)
	if err != nil || view.Stage != document.Signing {
		return err
	}
	began := time.Now()
	l := life{town: u.town, ctx: context.Background(), id: id}
	d := storage.NewDecision{Key: uuid.New(), Document: id, Action: document.Sign, Actor: u.actor, Revision: view.Revision, ContentHash: view.ContentHash}
	add, err := l.sign(d)
	if err == nil {
		err = l.decide(d, document.Signing, add)
	}
	u.timed("signature", began)
	return err
}

// oversee: an officer looks at boards and decides what lies longest.
func (u *user) oversee() error {
	pages := [][2]string{
		{"my tasks", "/tasks"}, {"my tasks: done", "/tasks?tab=done"}, {"board", "/campaigns/" + u.newest}, {"dashboard", "/dashboard"},
		{"board, filtered", "/campaigns/" + u.newest + "?flag=overdue"}, {"list of campaigns", "/campaigns"}, {"search", "/search?q=tan+dinh"},
	}
	page := pages[u.dice.IntN(len(pages))]
	if _, err := u.see(page[0], page[1]); err != nil {
		return err
	}
	id, err := u.next()
	if err != nil || id == "" {
		return err
	}
	return u.judge(id, "confirmation", "confirm")
}

// browse: a colleague reads.
func (u *user) browse() error {
	pages := [][2]string{{"my tasks", "/tasks?tab=following"}, {"my tasks: done", "/tasks?tab=done"}, {"notices", "/notices"}, {"document", "/documents/" + u.newest + "-" + u.unit}}
	page := pages[u.dice.IntN(len(pages))]
	_, err := u.see(page[0], page[1])
	return err
}

// decide sends the form of the page. That somebody else was quicker is no error
// of the system's.
func (u *user) decide(kind, body, id, action string, more url.Values) error {
	path := "/documents/" + id + "/" + action
	form := url.Values{}
	for name, value := range hiddenOf(body, path) {
		form.Set(name, value)
	}
	switch {
	case form.Get("key") != "":
	case u.role == staff.Officer: // another of them was quicker
		u.beaten()
		return nil
	default:
		return fmt.Errorf("%s: the page before it does not offer it", path)
	}
	for name := range more {
		form.Set(name, more.Get(name))
	}
	began := time.Now()
	a, err := u.post(path, form)
	u.timed(kind, began)
	switch {
	case err != nil:
		return err
	case a.status == http.StatusConflict || a.status == http.StatusUnprocessableEntity && u.role == staff.Officer:
		u.beaten()
		return nil
	case a.status != http.StatusOK || !strings.HasPrefix(a.path, "/decisions/"):
		return fmt.Errorf("%s: %d at %s", path, a.status, a.path)
	}
	return nil
}

func (s *soak) beaten() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.late++
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)

// hiddenOf is the hidden fields of the form that goes to the address.
func hiddenOf(body, action string) map[string]string {
	_, form, _ := strings.Cut(body, `action="`+action+`"`)
	form, _, _ = strings.Cut(form, "</form>")
	fields := map[string]string{}
	for _, field := range hiddenField.FindAllStringSubmatch(form, -1) {
		fields[field[1]] = field[2]
	}
	return fields
}

func wholeOf(text string) (n int) {
	_, _ = fmt.Sscan(text, &n)
	return n
}

// hear keeps a page's stream of events open, as every open page does.
func (u *user) hear() {
	client := &http.Client{Jar: u.client.Jar, Transport: &http.Transport{}}
	for u.over.Err() == nil {
		err := u.stream(client)
		if u.over.Err() == nil {
			u.fails(fmt.Errorf("%s: events ended: %w", u.name, err))
			time.Sleep(2 * time.Second)
		}
	}
}

func (u *user) stream(client *http.Client) error {
	request, err := http.NewRequestWithContext(u.over, http.MethodGet, u.web+"/events?watch=tasks", http.NoBody)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return errors.New(response.Status)
	}
	buffer := make([]byte, 4096)
	for {
		n, err := response.Body.Read(buffer)
		if err != nil {
			return err
		}
		u.mutex.Lock()
		u.events += strings.Count(string(buffer[:n]), "data:")
		u.mutex.Unlock()
	}
}

// tell prints what was done and how the memory went.
func (s *soak) tell(b *testing.B, lasted time.Duration, memories *memories) {
	b.Helper()
	var all int
	kinds := make([]string, 0, len(s.took))
	for kind, took := range s.took {
		kinds = append(kinds, kind)
		all += len(took)
	}
	slices.Sort(kinds)
	for _, kind := range kinds {
		took := s.took[kind]
		s.soaked.rows = append(s.soaked.rows, []string{kind, fmt.Sprint(len(took)), milliseconds(percentile(took, 50)), milliseconds(percentile(took, 95)), milliseconds(percentile(took, 100))})
	}
	approved := s.Count(`select count(*) from documents where stage = 'approved' and campaign like 'bc-________'`)
	s.figures.add(fmt.Sprintf("%d people for %s: things done, documents through the whole chain, events heard, somebody was quicker", soakUsers, lasted.Round(time.Second)),
		fmt.Sprintf("%d, %d, %d, %d", all, approved, s.events, s.late), "", 0)
	s.figures.add(fmt.Sprintf("%d people for %s: errors", soakUsers, lasted.Round(time.Second)), fmt.Sprint(len(s.wrong)), "", 0)
	for _, part := range []string{stack.Server, stack.Worker} {
		memories.tell(&s.figures, part)
	}
	for i, err := range s.wrong {
		if i < 10 {
			b.Error(err)
		}
	}
	if n := s.Count(`select count(*) from decisions where outcome is null and received_at < clock_timestamp() - interval '30 seconds'`); n > 0 {
		b.Errorf("%d decisions without an answer", n)
	}
}
