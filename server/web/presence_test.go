package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"cchc/domain/staff"
)

func place(path string) url.Values { return url.Values{"place": {path}} }

func TestTwoAuthorsSeeEachOther(t *testing.T) {
	c := newChain(t)
	first, colleague := c.at[staff.Specialist], c.person(t, staff.Position{Unit: "STC", Role: staff.Specialist})
	second := c.as(t, colleague)
	name := c.name(colleague)

	second.get(t, c.path("/sections/II.2")).want(t, http.StatusOK)
	first.get(t, c.path("")).silent(t, name+" đang") // looking at a page writes nothing
	heard := second.script(t, c.path("/presence"), place("sections/II.2")).want(t, http.StatusOK)
	if heard.body != `{"others":[]}` {
		t.Errorf("alone, and hears %s", heard.body)
	}
	for _, page := range []string{"/sections/I", "/figures/1", ""} {
		first.get(t, c.path(page)).want(t, http.StatusOK).says(t, name+" đang soạn phần II.2")
	}
	first.script(t, c.path("/presence"), place("nonsense/<b>")).want(t, http.StatusOK)
	heard = second.script(t, c.path("/presence"), place("sections/II.2")).want(t, http.StatusOK)
	if !strings.Contains(heard.body, "đang mở văn bản") {
		t.Errorf("hears %s", heard.body)
	}
	c.at[staff.DivisionHead].get(t, c.path("")).want(t, http.StatusOK).silent(t, name+" đang soạn")
	c.at[staff.DivisionHead].script(t, c.path("/presence"), place("")).want(t, http.StatusForbidden)
	c.exec(`update presences set seen_at = seen_at - interval '61 seconds'`)
	first.get(t, c.path("")).silent(t, name+" đang soạn")
}

// Without scripts a person is seen when they save.
func TestSavingIsPresence(t *testing.T) {
	c := newChain(t)
	colleague := c.person(t, staff.Position{Unit: "STC", Role: staff.Specialist})
	c.as(t, colleague).post(t, c.path("/sections/I"), text("Câu", "0")).want(t, http.StatusSeeOther)
	c.at[staff.Specialist].get(t, c.path("")).says(t, c.name(colleague)+" đang soạn phần I")
}

func (c *chain) name(person int64) string {
	c.t.Helper()
	var name string
	if err := c.Owner.QueryRow(`select name from persons where id = $1`, person).Scan(&name); err != nil {
		c.t.Fatal(err)
	}
	return name
}

// A page that asks by itself must not keep the session of an empty chair alive.
func TestAskingByItselfDoesNotRenewTheSession(t *testing.T) {
	c := newChain(t)
	author := c.at[staff.Specialist]
	expiry := func() (at time.Time) {
		t.Helper()
		if err := c.Owner.QueryRow(`select max(expires_at) from sessions`).Scan(&at); err != nil {
			t.Fatal(err)
		}
		return at
	}
	c.exec(`update sessions set expires_at = clock_timestamp() + interval '4 minutes'`)
	before := expiry()
	left := author.get(t, "/session").want(t, http.StatusOK)
	if left.body != `{"left":239}` && left.body != `{"left":240}` {
		t.Errorf("the session lasts %s", left.body)
	}
	author.script(t, c.path("/presence"), place("")).want(t, http.StatusOK)
	if !expiry().Equal(before) {
		t.Error("a page renewed the session by itself")
	}
	if left := author.script(t, "/session", nil).want(t, http.StatusOK); left.body != `{"left":890}` && left.body != `{"left":889}` { // 15 minutes less storage.SessionSlack
		t.Errorf("after going on: %s", left.body)
	}
	if !expiry().After(before) {
		t.Error("going on did not renew the session")
	}
	saved := author.script(t, c.path("/sections/I"), text("Câu", "0")).want(t, http.StatusOK)
	if saved.Header.Get("Session-Left") == "" {
		t.Error("autosave does not tell how long the session lasts")
	}
	c.exec(`update sessions set expires_at = clock_timestamp() - interval '1 second'`)
	author.get(t, "/session").want(t, http.StatusSeeOther)
}

// What was typed is for its author alone, also where somebody else signs in on
// the page that kept it.
func TestKeptFormIsForItsAuthor(t *testing.T) {
	k := newKit(t)
	mine := k.employ(t, "STC", staff.Specialist, "Lý Gia Huy")
	other := k.employ(t, "STC", staff.Specialist, "Mai Thị Hồng Nhung")
	id := k.document(t, "STC")
	form := text("Câu chưa lưu", "0")
	form.Set("author", mine.Username)
	page := k.visitor().post(t, "/documents/"+id+"/sections/I", form).want(t, http.StatusUnauthorized)
	signIn := func(username string) answer {
		return k.visitor().post(t, "/sign-in", url.Values{
			"username": {username}, "password": {goodPassword}, "return": {"/documents/" + id + "/sections/I"},
			"kept_path": {page.field(t, "kept_path")}, "kept_form": {page.field(t, "kept_form")},
		})
	}
	signIn(other.Username).want(t, http.StatusSeeOther, "/documents/"+id+"/sections/I")
	resumed := signIn(mine.Username).want(t, http.StatusOK)
	if resumed.field(t, "text") != "Câu chưa lưu" || !strings.Contains(resumed.body, `action="/documents/`+id+`/sections/I"`) {
		t.Error("the author does not get back what they typed")
	}
}
