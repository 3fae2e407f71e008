// Command preview shows every sample page in a browser, with the product's
// content security policy:
//
//	go run ./templates/preview -listen 127.0.0.1:8099
//
// It is for whoever works on pages; the product does not need it.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"html"
	"log"
	"net/http"
	"time"

	"cchc/templates"
	"cchc/templates/samples"
)

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func main() {
	listen := flag.String("listen", "127.0.0.1:8099", "address to listen on")
	flag.Parse()
	pages, err := templates.New()
	if err != nil {
		log.Fatal(err)
	}
	http.Handle("/static/", templates.Static())
	for _, sample := range samples.All() {
		http.HandleFunc("/"+sample.Name, func(w http.ResponseWriter, _ *http.Request) { show(w, pages, sample) })
	}
	http.HandleFunc("/{$}", list)
	log.Printf("preview: http://%s", *listen)
	server := http.Server{Addr: *listen, ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.ListenAndServe())
}

func show(w http.ResponseWriter, pages *templates.Templates, sample samples.Sample) {
	var page bytes.Buffer
	if err := pages.Render(&page, sample.Page, sample.View); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if _, err := w.Write(page.Bytes()); err != nil {
		log.Printf("preview: %v", err)
	}
}

func list(w http.ResponseWriter, _ *http.Request) {
	for _, sample := range samples.All() {
		name := html.EscapeString(sample.Name)
		_, _ = fmt.Fprintf(w, "<p><a href=\"/%s\">%s</a></p>\n", name, name)
	}
}
