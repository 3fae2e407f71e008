package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"cchc/domain/staff"
)

// post puts a notice of the kind at a person's bell.
func (k *kit) post(t *testing.T, person int64, document, kind, key string) int64 {
	t.Helper()
	const add = `
		insert into notices (key, kind, document_id, person_id, role, unit_code)
		values ($1, $2, $3, $4, 'specialist', 'STC') returning id`
	var id int64
	if err := k.Owner.QueryRow(add, key, kind, document, person).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

func TestTheBell(t *testing.T) {
	k := newKit(t)
	document := k.document(t, "STC")
	person := k.person(t, staff.Position{Unit: "STC", Role: staff.Specialist})
	other := k.person(t, staff.Position{Unit: "STC", Role: staff.Specialist})
	for i := range 31 {
		k.post(t, person, document, "overdue", "event"+strconv.Itoa(i))
	}
	newest := k.post(t, person, document, "returned", "newest")
	k.post(t, other, document, "exempted", "other")
	b := k.as(t, person)

	first := b.get(t, "/notices")
	if first.StatusCode != http.StatusOK {
		t.Fatalf("the bell answers %d", first.StatusCode)
	}
	for _, want := range []string{
		"32 thông báo chưa đọc", "Trả lại để bổ sung: ", `href="/documents/` + document + `"`,
		`rel="next">Thông báo cũ hơn`, `name="up_to" value="` + strconv.FormatInt(newest, 10) + `"`,
	} {
		if !strings.Contains(first.body, want) {
			t.Errorf("the first page does not say %q", want)
		}
	}
	if strings.Contains(first.body, "Được miễn báo cáo") {
		t.Error("somebody else's notice is shown")
	}
	if strings.Contains(first.body, "Thông báo mới nhất") {
		t.Error("the first page leads to itself")
	}
	older := regexp.MustCompile(`/notices\?before=\d+`).FindString(first.body)
	second := b.get(t, older)
	if strings.Count(second.body, `<time datetime`) != 2 || !strings.Contains(second.body, "Thông báo mới nhất") || strings.Contains(second.body, "Thông báo cũ hơn") {
		t.Errorf("%q does not show the rest", older)
	}

	later := k.post(t, person, document, "overdue", "while reading")
	done := b.post(t, "/notices/read", url.Values{"up_to": {strconv.FormatInt(newest, 10)}})
	if done.StatusCode != http.StatusSeeOther || done.Header.Get("Location") != "/notices" {
		t.Fatalf("marking read answers %d to %q", done.StatusCode, done.Header.Get("Location"))
	}
	if page := b.get(t, "/notices"); !strings.Contains(page.body, "1 thông báo chưa đọc") {
		t.Error("what came while reading is marked as read, or the rest is not")
	}
	var unread int64
	if err := k.Owner.QueryRow(`select id from notices where person_id = $1 and read_at is null`, person).Scan(&unread); err != nil || unread != later {
		t.Errorf("unread is notice %d, want %d; %v", unread, later, err)
	}
	if err := k.Owner.QueryRow(`select count(*) from notices where person_id = $1 and read_at is null`, other).Scan(&unread); err != nil || unread != 1 {
		t.Errorf("the other person has %d unread, %v", unread, err)
	}
	if bad := b.post(t, "/notices/read", url.Values{"up_to": {"all"}}); bad.StatusCode != http.StatusBadRequest {
		t.Errorf("a number that is none answers %d", bad.StatusCode)
	}
}

func TestAnEmptyBell(t *testing.T) {
	k := newKit(t)
	page := k.at(t, "STC", staff.Clerk).get(t, "/notices")
	if page.StatusCode != http.StatusOK || !strings.Contains(page.body, "Chưa có thông báo nào") || strings.Contains(page.body, "/notices/unreached") {
		t.Errorf("%d\n%s", page.StatusCode, page.body)
	}
}

func TestUnreachedAreShownToTheAuthority(t *testing.T) {
	k := newKit(t)
	document := k.document(t, "STC")
	admin, officer := k.at(t, "SNV", staff.AccountAdmin), k.at(t, "SNV", staff.Officer)
	if page := officer.get(t, "/notices/unreached"); page.StatusCode != http.StatusOK {
		t.Fatalf("answers %d", page.StatusCode)
	}
	lost := k.person(t, staff.Position{Unit: "STC", Role: staff.Director})
	for _, statement := range []string{
		`insert into notices (key, kind, document_id, role, unit_code, mail_state) values ('lost', 'due', '` + document + `', 'clerk', 'STC', 'no_recipient')`,
		`update persons set name = 'Lê Văn Từ', mail = 'tu@city.example' where id = ` + strconv.FormatInt(lost, 10),
		`insert into mails (message_id, person_id, address, state, last_error) values ('m', ` + strconv.FormatInt(lost, 10) + `, 'tu@city.example', 'failed', '550 no such user')`,
	} {
		if _, err := k.Owner.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	account := `href="` + accountPath(lost) + `"`
	for who, c := range map[string]struct {
		page  answer
		links bool
	}{
		"officer":               {officer.get(t, "/notices/unreached"), false},
		"account administrator": {admin.get(t, "/notices/unreached"), true},
	} {
		for _, want := range []string{"Văn thư", "Chưa có người giữ vai trò", "Lê Văn Từ", "tu@city.example", "550 no such user"} {
			if !strings.Contains(c.page.body, want) {
				t.Errorf("%s does not see %q", who, want)
			}
		}
		if strings.Contains(c.page.body, account) != c.links {
			t.Errorf("%s: link to the account: %v, want %v", who, !c.links, c.links)
		}
	}
	again := officer.post(t, "/notices/resend", url.Values{"person": {strconv.FormatInt(lost, 10)}})
	if again.StatusCode != http.StatusSeeOther || again.Header.Get("Location") != "/notices/unreached" {
		t.Errorf("sending again: %d to %q", again.StatusCode, again.Header.Get("Location"))
	}
	if page := officer.get(t, "/notices/unreached"); strings.Contains(page.body, "tu@city.example") {
		t.Error("still listed after sending again")
	}
	if page := officer.get(t, "/notices"); !strings.Contains(page.body, `href="/notices/unreached"`) {
		t.Error("the officer's bell does not lead there")
	}
}
