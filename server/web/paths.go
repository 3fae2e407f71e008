package web

import (
	"net/http"
	"net/url"
	"strings"
)

// localPath keeps a path of this server and turns anything else into "/": an
// address to go back to must never lead to another site.
func localPath(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil ||
		!strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	if strings.HasPrefix(u.Path, "/sign-in") {
		return "/"
	}
	return path
}

// refererPath is the page that a form came from.
func refererPath(r *http.Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host != r.Host {
		return "/"
	}
	return localPath(u.RequestURI())
}

func signInPath(back string) string {
	if back == "/" {
		return "/sign-in"
	}
	return "/sign-in?return=" + url.QueryEscape(back)
}
