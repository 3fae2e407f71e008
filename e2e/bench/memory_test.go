package bench

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"cchc/e2e/stack"
	"cchc/storage"
)

// measureMemory: what the programs hold after all this, and the most they held.
// The server is asked for pages first; the rest of the work went past it.
func (t *town) measureMemory(b *testing.B) {
	t.readPages(b)
	for _, part := range []string{stack.Worker, stack.Server, stack.Temporal} {
		now, most := memory(b, t.PID(part))
		t.figures.add("memory of "+part+", now / at most", fmt.Sprintf("%d / %d MB", now, most), "", 0)
	}
}

// readPages signs an officer of the demonstration in and reads work list,
// document and print, several readers at once.
func (t *town) readPages(b *testing.B) {
	b.Helper()
	const readers, rounds = 8, 25
	t.lives(b, readers, readers)
	t.Run(stack.Server, "seed-demo")
	t.StartPart(stack.Server)
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	browser := &http.Client{Jar: jar, Timeout: time.Minute}
	t.Eventually("the server is ready", time.Minute, func() bool { return read(browser, t.Web+"/readyz") == nil })
	answer, err := browser.PostForm(t.Web+"/sign-in", url.Values{"username": {"snv.baotq"}, "password": {storage.DemoPassword}})
	if err != nil {
		b.Fatal(err)
	}
	_ = answer.Body.Close()
	var document string
	if err := t.Owner.QueryRow(`select id from documents where stage = 'approved' order by id limit 1`).Scan(&document); err != nil {
		b.Fatal(err)
	}
	var group errgroup.Group
	group.SetLimit(readers)
	for range readers * rounds {
		for _, page := range []string{"/", "/documents/" + document, "/documents/" + document + "/print.pdf"} {
			group.Go(func() error { return read(browser, t.Web+page) })
		}
	}
	if err := group.Wait(); err != nil {
		b.Fatal(err)
	}
}

// read takes a page whole; being sent to the sign-in page is not reading it.
func read(browser *http.Client, page string) error {
	answer, err := browser.Get(page)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK || strings.HasPrefix(answer.Request.URL.Path, "/sign-in") {
		return fmt.Errorf("%s: %s at %s", page, answer.Status, answer.Request.URL)
	}
	return nil
}

// memory reads the resident set of a process and its peak, in MB.
func memory(b *testing.B, pid int) (now, most int) {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		kilobytes, _ := strconv.Atoi(fields[1]) // other lines are not wanted
		switch fields[0] {
		case "VmRSS:":
			now = kilobytes / 1024
		case "VmHWM:":
			most = kilobytes / 1024
		}
	}
	return now, most
}
