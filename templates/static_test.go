package templates_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"cchc/templates"
)

// fetch asks the static handler for a path.
func fetch(path string) (int, *httptest.ResponseRecorder) {
	answer := httptest.NewRecorder()
	templates.Static().ServeHTTP(answer, httptest.NewRequest("GET", path, nil))
	return answer.Code, answer
}

// TestManifest compares the committed copies of foreign files with the sums
// taken when they were copied: a file changed by hand, missing, or copied
// without its line is found here.
func TestManifest(t *testing.T) {
	manifest, err := os.ReadFile("static/MANIFEST.sha256")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for line := range strings.Lines(string(manifest)) {
		sum, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok {
			t.Fatalf("unreadable line %q", line)
		}
		listed[name] = true
		content, err := os.ReadFile(filepath.Join("static", name))
		if err != nil {
			t.Error(err)
			continue
		}
		if got := sha256.Sum256(content); hex.EncodeToString(got[:]) != sum {
			t.Errorf("%s is not what was copied", name)
		}
	}
	if !listed["js/editor.js"] {
		t.Error("the editor is not in the manifest")
	}
	for _, folder := range []string{"fonts", "licences"} {
		entries, err := os.ReadDir(filepath.Join("static", folder))
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			if name := folder + "/" + entry.Name(); !listed[name] {
				t.Errorf("%s is not in the manifest", name)
			}
		}
	}
}

func TestStaticCaching(t *testing.T) {
	status, page := fetch("/static/0000000000000000/css/app.css")
	if status != 200 || page.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("an old address: %d, %q", status, page.Header().Get("Cache-Control"))
	}
	if status, _ := fetch("/static/0000000000000000/css/../../templates.go"); status != 404 {
		t.Errorf("outside the static files: %d", status)
	}
	if status, _ := fetch("/static/app.css"); status != 404 {
		t.Errorf("without a fingerprint: %d", status)
	}
}

// TestStaticIsSmall asks as browsers do, and as something that knows no gzip.
func TestStaticIsSmall(t *testing.T) {
	for name, compressed := range map[string]bool{"css/app.css": true, "js/app.js": true, "icons.svg": true, "fonts/inter-digits-400-normal.woff2": false} {
		_, plain := fetch("/static/0/" + name)
		for offer, want := range map[string]bool{"gzip, deflate, br": compressed, "br, gzip;q=0.5": compressed, "gzip;q=0": false, "": false} {
			answer := httptest.NewRecorder()
			r := httptest.NewRequest("GET", "/static/0/"+name, nil)
			r.Header.Set("Accept-Encoding", offer)
			templates.Static().ServeHTTP(answer, r)
			body := answer.Body.Bytes()
			if got := answer.Header().Get("Content-Encoding") == "gzip"; got != want {
				t.Errorf("%s for %q: in gzip %v", name, offer, got)
			} else if got {
				if length := answer.Header().Get("Content-Length"); length != strconv.Itoa(len(body)) {
					t.Errorf("%s: length %s of %d", name, length, len(body))
				}
				reader, err := gzip.NewReader(answer.Body)
				if err != nil {
					t.Fatal(err)
				}
				if body, err = io.ReadAll(reader); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(body, plain.Body.Bytes()) {
				t.Errorf("%s for %q is not the file", name, offer)
			}
			if got := answer.Header().Get("Vary") == "Accept-Encoding"; got != compressed {
				t.Errorf("%s varies: %v", name, got)
			}
			if answer.Header().Get("Content-Type") != plain.Header().Get("Content-Type") {
				t.Errorf("%s for %q is %q", name, offer, answer.Header().Get("Content-Type"))
			}
		}
	}
}

// TestSheets holds the stylesheets to local files, and to tokens instead of raw
// colours.
func TestSheets(t *testing.T) {
	paths, err := filepath.Glob("static/css/*.css")
	if err != nil || len(paths) == 0 {
		t.Fatal("no sheets", err)
	}
	rawColour := regexp.MustCompile(`:[^;{]*#[0-9a-fA-F]{3,8}\b`)
	addresses := regexp.MustCompile(`url\(["']?(https?:|//)`)
	for _, path := range paths {
		sheet, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		values := regexp.MustCompile(`(tokens|dark|print)\.css$`).MatchString(path)
		for i, line := range strings.Split(string(sheet), "\n") {
			switch {
			case addresses.MatchString(line):
				t.Errorf("%s:%d fetches from elsewhere", path, i+1)
			case !values && rawColour.MatchString(line) && !strings.Contains(line, "mark-") && !strings.Contains(line, "waves"):
				t.Errorf("%s:%d uses a raw colour: %s", path, i+1, line)
			}
		}
	}
}

// spriteIcons lists the ids in the committed sprite.
func spriteIcons(t *testing.T) map[string]bool {
	t.Helper()
	sprite, err := os.ReadFile("static/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	icons := map[string]bool{}
	for _, match := range regexp.MustCompile(`<symbol id="([^"]+)"`).FindAllStringSubmatch(string(sprite), -1) {
		icons[match[1]] = true
	}
	return icons
}
