package web

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/document"
	"cchc/domain/staff"
)

// assessmentToSign goes up to the director, with one file that proves a criterion.
func assessmentToSign(t *testing.T, proof []byte) *chain {
	t.Helper()
	c, _ := newIndexChain(t)
	c.giveKey("")
	author := c.at[staff.Specialist]
	author.attach(t, c.path("/files"), "Kế hoạch CCHC.pdf", append([]byte("%PDF-1.7\n"), proof...)).want(t, http.StatusSeeOther)
	for field := 1; field <= 8; field++ {
		c.answerField(field)
	}
	fields := author.get(t, c.path("/scores/1")).filled(t, c.path("/scores/1"))
	hash := author.get(t, c.path("/files")).want(t, http.StatusOK).says(t, "1 tệp, ", "gộp lại tối đa 1,0 GB").field(t, "hash")
	fields.Set("answers.1.yes", "true")
	fields.Set("answers.1.evidence", hash)
	author.post(t, c.path("/scores/1"), fields).want(t, http.StatusSeeOther)
	c.submit()
	c.approve()
	return c
}

// TestTheEvidenceIsOneFileForReaders: the unit's own from the submission on, everybody
// else from the signature; its hash stands on the page, and the director signs nothing
// that does not name it.
func TestTheEvidenceIsOneFileForReaders(t *testing.T) {
	c := assessmentToSign(t, []byte("kế hoạch"))
	path := c.path("/bundle/1.zip")
	c.at[staff.Viewer].get(t, path).want(t, http.StatusNotFound)
	c.at[staff.Specialist].get(t, c.path("")).want(t, http.StatusOK).says(t, "Hồ sơ minh chứng, lần trình 1", "Đang gộp các tệp thành một tệp ZIP")
	c.at[staff.Director].get(t, c.path("/sign")).want(t, http.StatusOK).says(t, "Hồ sơ minh chứng đã gộp thành một tệp ZIP")
	c.follow(staff.Director, c.decide(staff.Director, "/sign", "/sign", signForm(keyPassword)))
	if c.stage() != document.HandedIn {
		t.Fatalf("stage %s", c.stage())
	}
	viewer := c.at[staff.Viewer]
	whole := viewer.get(t, path).want(t, http.StatusOK)
	archive, err := zip.NewReader(strings.NewReader(whole.body), int64(len(whole.body)))
	if err != nil || len(archive.File) != 3 {
		t.Fatalf("%d files: %v", len(archive.File), err)
	}
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte(whole.body)))
	viewer.get(t, c.path("")).want(t, http.StatusOK).says(t, "Một tệp ZIP gồm 1 tệp", sum)
	if whole.Header.Get("ETag") != `"`+sum+`"` || !strings.HasPrefix(whole.Header.Get("Content-Disposition"), "attachment") || whole.Header.Get("Content-Length") != strconv.Itoa(len(whole.body)) {
		t.Errorf("%v", whole.Header)
	}
	viewer.header.Set("Range", "bytes=100-199")
	viewer.header.Set("If-Range", `"`+sum+`"`)
	if part := viewer.get(t, path).want(t, http.StatusPartialContent); part.body != whole.body[100:200] {
		t.Error("a download that was broken off does not go on where it was")
	}
	if n := c.count(`select count(*) from audit where action = 'download' and detail ->> 'hash' = $1`, sum); n != 2 {
		t.Errorf("%d downloads in the audit, want 2", n)
	}
	viewer.get(t, c.path("/bundle/2.zip")).want(t, http.StatusNotFound)

	view, err := c.Store.DocumentView(t.Context(), staff.Scope{All: true}, c.id)
	if err != nil {
		t.Fatal(err)
	}
	revision, err := c.Store.Revision(t.Context(), c.id, 1)
	if err != nil {
		t.Fatal(err)
	}
	checked, err := c.Store.Checked(t.Context(), view, revision)
	if err != nil {
		t.Fatal(err)
	}
	rows := scoreTable(checked, 2026).Rows
	if last := rows[len(rows)-1].Group; !strings.Contains(last, "01 tệp ZIP gồm 1 tệp") || !strings.Contains(last, sum) {
		t.Errorf("the paper that is signed says %q", last)
	}
}

// TestNothingIsSignedWithoutItsEvidence: a file that was damaged after it was frozen
// keeps the director from signing, and says which.
func TestNothingIsSignedWithoutItsEvidence(t *testing.T) {
	c := assessmentToSign(t, []byte("kế hoạch"))
	var hash string
	if err := c.Owner.QueryRow(`select hash from draft_files where document_id = $1`, c.id).Scan(&hash); err != nil {
		t.Fatal(err)
	}
	kept, err := c.Store.OpenFile(hash)
	if err != nil {
		t.Fatal(err)
	}
	_ = kept.Close()
	if err := os.Remove(kept.Name()); err != nil {
		t.Fatal(err)
	}
	c.at[staff.Director].get(t, c.path("/sign")).want(t, http.StatusOK).says(t, "Hồ sơ minh chứng chưa gộp được thành một tệp", "Kế hoạch CCHC.pdf")
	var content string
	if err := c.Owner.QueryRow(`select content_hash from documents where id = $1`, c.id).Scan(&content); err != nil {
		t.Fatal(err)
	}
	form := signForm(keyPassword) // of a page that was opened before
	form["key"], form["revision"], form["content_hash"] = []string{uuid.NewString()}, []string{"1"}, []string{content}
	c.at[staff.Director].post(t, c.path("/sign"), form).want(t, http.StatusUnprocessableEntity).says(t, "Kế hoạch CCHC.pdf")
	if c.stage() != document.Signing || c.count(`select count(*) from signing_attempts`) != 0 {
		t.Error("something was signed, or a number was taken")
	}
	c.at[staff.Specialist].get(t, c.path("/bundle/1.zip")).want(t, http.StatusUnprocessableEntity)
}

// TestASlowLineGetsItsBundle: the time of a page is not that of a long download.
func TestASlowLineGetsItsBundle(t *testing.T) {
	c := assessmentToSign(t, bytes.Repeat([]byte{0}, 18<<20)) // far more than a connection holds by itself
	server := httptest.NewUnstartedServer(c.handler)
	server.Config.WriteTimeout = 500 * time.Millisecond
	server.Start()
	defer server.Close()
	path := server.URL + c.path("/bundle/1.zip")
	if _, err := c.server.bundles.Seal(t.Context(), c.id, 1); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range c.at[staff.Specialist].cookie {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	var got int64
	for {
		n, err := io.CopyN(io.Discard, answer.Body, 2<<20)
		got += n
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("after %d of %d bytes: %v", got, answer.ContentLength, err)
		}
		time.Sleep(150 * time.Millisecond)
	}
	if answer.StatusCode != http.StatusOK || got != answer.ContentLength || got < 18<<20 {
		t.Errorf("status %d, %d of %d bytes", answer.StatusCode, got, answer.ContentLength)
	}
}
