package templates

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

//go:embed static
var staticFiles embed.FS

// sheets is the order in which the stylesheets become one app.css.
var sheets = []string{"fonts", "tokens", "base", "shell", "controls", "parts", "tables", "pages", "prose", "drafting", "tasks", "campaigns", "board"}

// assets holds every static file as it is served, and the fingerprint of all.
type assets struct {
	files       map[string][]byte
	fingerprint string
}

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
	var joined bytes.Buffer
	for _, sheet := range sheets {
		joined.Write(a.files["css/"+sheet+".css"])
		delete(a.files, "css/"+sheet+".css")
	}
	a.files["css/app.css"] = joined.Bytes()
	a.fingerprint = fingerprint(a.files)
	return a
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
	return "/static/" + loaded().fingerprint + "/" + name
}

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
		w.Header().Set("X-Content-Type-Options", "nosniff")
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
	})
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
