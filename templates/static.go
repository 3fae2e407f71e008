package templates

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

//go:embed static
var staticFiles embed.FS

// sheets are the stylesheets that become one, in their order. What only lists,
// boards and officers' pages need stands apart, so that the page with the editor,
// whose script is large, stays light on a slow line (layout.html leaves it out there).
var sheets = map[string][]string{
	"app":   {"fonts", "tokens", "base", "shell", "controls", "parts", "tables", "grid", "pages", "prose", "drafting", "search", "help"},
	"lists": {"tasks", "campaigns", "series", "board", "dashboard", "extensions", "calendar", "forms", "plan", "planboard", "indicators", "scores", "ranking", "appraisal", "outages", "outagedeadlines", "points"},
}

// assets holds every static file as it is served, and the fingerprint of all.
type assets struct {
	files       map[string][]byte
	small       map[string][]byte        // the same in gzip, where that saves something
	modules     []string                 // scripts that every page's script begins with
	icons       map[string]template.HTML // each icon of the sprite as pages draw it
	fingerprint string
}

// symbol is one icon of the sprite.
var symbol = regexp.MustCompile(`<symbol id="([a-z0-9-]+)"`)

var imported = regexp.MustCompile(`(?m)^import .* from "\./([a-z-]+\.js)";`)

// loaded reads the embedded files once per program.
var loaded = sync.OnceValue(loadAssets)

// loadAssets joins the sheets and takes one fingerprint over everything, so that
// a new release is a new address for each file. Embedded files cannot be
// missing at run time, hence the panic.
func loadAssets() assets {
	a := assets{files: map[string][]byte{}}
	err := fs.WalkDir(staticFiles, "static", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := staticFiles.ReadFile(name)
		a.files[strings.TrimPrefix(name, "static/")] = content
		return err
	})
	if err != nil {
		panic("templates: embedded static files: " + err.Error())
	}
	for name, parts := range sheets {
		a.files["css/"+name+".css"] = a.join(parts)
	}
	a.fingerprint = fingerprint(a.files)
	a.small = compressed(a.files)
	for _, found := range imported.FindAllSubmatch(a.files["js/app.js"], -1) {
		a.modules = append(a.modules, "js/"+string(found[1]))
	}
	a.icons = map[string]template.HTML{}
	for _, found := range symbol.FindAllSubmatch(a.files["icons.svg"], -1) {
		a.icons[string(found[1])] = template.HTML(drawIcon(a.fingerprint, string(found[1]))) // #nosec G203 -- of our own file
	}
	return a
}

// join puts sheets in one, without their comments and indents, and takes them out.
func (a assets) join(sheets []string) []byte {
	var joined bytes.Buffer
	for _, sheet := range sheets {
		joined.Write(spare.ReplaceAll(a.files["css/"+sheet+".css"], nil))
		delete(a.files, "css/"+sheet+".css")
	}
	return joined.Bytes()
}

// spare is what a sheet's readers need and browsers do not.
var spare = regexp.MustCompile(`(?s:/\*.*?\*/)|(?m:^\s+)`)

// compressed makes the texts small once, so that serving them costs nothing.
// Fonts and pictures are compressed in themselves.
func compressed(files map[string][]byte) map[string][]byte {
	small := map[string][]byte{}
	for name, content := range files {
		switch path.Ext(name) {
		case ".css", ".js", ".svg", ".txt":
			var buffer bytes.Buffer
			writer, _ := gzip.NewWriterLevel(&buffer, gzip.BestCompression) // fails for unknown levels alone
			_, _ = writer.Write(content)                                    // a buffer takes everything
			_ = writer.Close()
			small[name] = buffer.Bytes()
		}
	}
	return small
}

func fingerprint(files map[string][]byte) string {
	sum := sha256.New()
	for _, name := range sortedKeys(files) {
		content := sha256.Sum256(files[name])
		sum.Write([]byte(name))
		sum.Write(content[:])
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}

// asset is the address of a static file, as pages write it.
func asset(name string) string {
	return assetAt(loaded().fingerprint, name)
}

func assetAt(fingerprint, name string) string { return "/static/" + fingerprint + "/" + name }

// Static serves the fonts, icons, sheets and scripts under /static/. Addresses
// carry the fingerprint and may be kept for ever; with another fingerprint (a
// page opened before a release) the present file is served, to be asked again.
func Static() http.Handler {
	a := loaded()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		print, name, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/static/"), "/")
		content, known := a.files[name]
		if !ok || !known {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-cache")
		if print == a.fingerprint {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		w.Header().Set("Content-Type", contentType(name))
		if small, has := a.small[name]; has {
			w.Header().Set("Vary", "Accept-Encoding")
			if takesGzip(r) {
				w.Header().Set("Content-Encoding", "gzip")
				w.Header().Set("Content-Length", strconv.Itoa(len(small)))
				content = small
			}
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
	})
}

// takesGzip tells whether the client says so; one that forbids it by q=0 does not.
func takesGzip(r *http.Request) bool {
	for one := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, quality, _ := strings.Cut(strings.ReplaceAll(one, " ", ""), ";")
		if name == "gzip" {
			return strings.Trim(strings.TrimPrefix(quality, "q="), "0.") != "" || quality == ""
		}
	}
	return false
}

// contentType does not ask the machine's own table, which differs.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".woff2":
		return "font/woff2"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".txt", ".sha256":
		return "text/plain; charset=utf-8"
	}
	return mime.TypeByExtension(path.Ext(name))
}
