package config

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// good is the smallest environment that Load accepts.
func good() map[string]string {
	return map[string]string{
		"DATABASE_URL":       "postgres://cchc_app@/cchc?host=/tmp/x",
		"CCHC_PUBLIC_URL":    "http://127.0.0.1:8080",
		"CCHC_FILES":         "/srv/files",
		"CCHC_COOKIE_SECURE": "false",
	}
}

func from(env map[string]string) func(string) string {
	return func(name string) string { return env[name] }
}

func TestLoadFillsDefaults(t *testing.T) {
	c, err := Load(from(good()))
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:8080" || c.Temporal.Namespace != "cchc" || c.Temporal.RetentionDays != 90 {
		t.Errorf("defaults are missing: %+v", c)
	}
	if c.Mail.TLS != MailStartTLS || c.LogLevel != slog.LevelInfo || c.Demo || !c.DemoYear || c.Temporal.UIURL != nil {
		t.Errorf("defaults are wrong: %+v", c)
	}
	if _, err := c.MigrationURL(); err == nil {
		t.Error("MigrationURL accepted a missing owner")
	}
}

func TestLoadReadsEverything(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := good()
	for name, value := range map[string]string{
		"DATABASE_OWNER_URL": "postgres://cchc_owner@db/cchc", "CCHC_PUBLIC_URL": "https://cchc.example.vn",
		"CCHC_COOKIE_SECURE": "true", "CCHC_TEMPORAL_TLS_CA": secret, "CCHC_SMTP_ADDRESS": "mail:587",
		"CCHC_SMTP_USER": "cchc", "CCHC_SMTP_PASSWORD_FILE": secret, "CCHC_MAIL_FROM": "CCHC <cchc@example.vn>",
		"CCHC_SMTP_TLS": "tls", "CCHC_LOG_LEVEL": "debug", "CCHC_DEMO": "true", "CCHC_RETENTION_DAYS": "30",
		"CCHC_KEYS": "/srv/keys", "CCHC_TRUST_ROOTS": "/srv/roots.pem", "CCHC_WATCH_TOKEN_FILE": secret,
	} {
		env[name] = value
	}
	c, err := Load(from(env))
	if err != nil {
		t.Fatal(err)
	}
	if c.Mail.Password != "s3cret" || c.WatchToken != "s3cret" || !c.Temporal.TLS() || c.Mail.TLS != MailImplicit ||
		c.LogLevel != slog.LevelDebug || !c.Demo || c.Temporal.RetentionDays != 30 ||
		c.PublicURL.Host != "cchc.example.vn" {
		t.Errorf("read wrong: %+v", c)
	}
	if owner, err := c.MigrationURL(); err != nil || owner != env["DATABASE_OWNER_URL"] {
		t.Errorf("MigrationURL = %q, %v", owner, err)
	}
}

func TestLoadNamesTheBadVariable(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	rows := []struct{ name, value, want string }{
		{"DATABASE_URL", "", "DATABASE_URL: is not set"},
		{"DATABASE_URL", "mysql://u:topsecret@h/d", "DATABASE_URL: is not a URL like"},
		{"CCHC_LISTEN", "8080", "CCHC_LISTEN: \"8080\" is not host:port"},
		{"CCHC_ADMIN_LISTEN", "127.0.0.1:70000", "CCHC_ADMIN_LISTEN: \"127.0.0.1:70000\" has no port"},
		{"CCHC_PUBLIC_URL", "cchc.example.vn", "CCHC_PUBLIC_URL: \"cchc.example.vn\" is not an http"},
		{"CCHC_PUBLIC_URL", "https://cchc.example.vn", "CCHC_COOKIE_SECURE: must be true"},
		{"CCHC_COOKIE_SECURE", "true", "CCHC_COOKIE_SECURE: must be true"},
		{"CCHC_COOKIE_SECURE", "maybe", "CCHC_COOKIE_SECURE: \"maybe\" is neither"},
		{"CCHC_RETENTION_DAYS", "0", "CCHC_RETENTION_DAYS: \"0\" is not a whole number"},
		{"CCHC_RETENTION_DAYS", "90d", "CCHC_RETENTION_DAYS: \"90d\" is not a whole number"},
		{"CCHC_FILES", "files", "CCHC_FILES: \"files\" is not an absolute path"},
		{"CCHC_TEMPORAL_TLS_CA", "/does/not/exist", "CCHC_TEMPORAL_TLS_CA: open /does/not/exist"},
		{"CCHC_TEMPORAL_TLS_CERT", empty, "CCHC_TEMPORAL_TLS_CERT: goes with"},
		{"CCHC_SMTP_PASSWORD_FILE", empty, "CCHC_SMTP_PASSWORD_FILE: " + empty + " is empty"},
		{"CCHC_SMTP_USER", "cchc", "CCHC_SMTP_USER: goes with"},
		{"CCHC_SMTP_ADDRESS", "mail:25", "CCHC_MAIL_FROM: is needed with"},
		{"CCHC_SMTP_TLS", "ssl", "CCHC_SMTP_TLS: \"ssl\" is none of"},
		{"CCHC_MAIL_FROM", "nobody", "CCHC_MAIL_FROM: \"nobody\" is not a mail address"},
		{"CCHC_KEYS", "/srv/keys", "CCHC_TRUST_ROOTS: is needed with"},
		{"CCHC_LOG_LEVEL", "loud", "CCHC_LOG_LEVEL: \"loud\" is none of"},
		{"CCHC_DEMO", "yes", "CCHC_DEMO: \"yes\" is neither"},
		{"CCHC_DEMO_YEAR", "no", "CCHC_DEMO_YEAR: \"no\" is neither"},
	}
	for _, row := range rows {
		t.Run(row.name+"="+row.value, func(t *testing.T) {
			env := good()
			env[row.name] = row.value
			_, err := Load(from(env))
			if err == nil || !strings.HasPrefix(err.Error(), row.want) {
				t.Fatalf("got %v, want %q", err, row.want)
			}
			if strings.Contains(err.Error(), "topsecret") {
				t.Error("the problem repeats a password")
			}
		})
	}
}

func TestLoadListsAllProblems(t *testing.T) {
	_, err := Load(from(map[string]string{"CCHC_DEMO": "yes", "CCHC_LISTEN": "x"}))
	if err == nil {
		t.Fatal("accepted")
	}
	for _, name := range []string{"DATABASE_URL", "CCHC_PUBLIC_URL", "CCHC_FILES", "CCHC_DEMO", "CCHC_LISTEN"} {
		if !strings.Contains(err.Error(), name+": ") {
			t.Errorf("%s is not named in:\n%v", name, err)
		}
	}
}

// The tables in docs/configuration.md are what operators read: the same variables,
// the same defaults, nothing more.
func TestDocumentedTablesAgree(t *testing.T) {
	content, err := os.ReadFile("../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []struct {
		heading string
		read    func(*reader)
	}{
		{"## The programs", func(r *reader) { r.config() }},
		{"## The watcher", func(r *reader) { r.watch() }},
		{"## The proxy", func(r *reader) { r.proxy() }},
	} {
		r := &reader{getenv: from(good())}
		table.read(r)
		documented := documentedIn(string(content), table.heading)
		for _, v := range r.seen {
			want := v.fallback
			if v.need == required {
				want = "required"
			}
			got, there := documented[v.name]
			if !there {
				t.Errorf("%s: %s is not documented", table.heading, v.name)
			} else if got != want {
				t.Errorf("%s: the table says %q, the program %q", v.name, got, want)
			}
			delete(documented, v.name)
		}
		for name := range documented {
			t.Errorf("%s: %s is documented and read by nobody", table.heading, name)
		}
	}
}

// What the container files set is read by somebody.
func TestContainersSetWhatIsRead(t *testing.T) {
	r := &reader{getenv: from(good())}
	r.config()
	r.watch()
	r.proxy()
	read := map[string]bool{}
	for _, v := range r.seen {
		read[v.name] = true
	}
	for _, file := range []string{"docker-compose.yml", "docker-compose.watch.yml"} {
		content, err := os.ReadFile("../" + file)
		if err != nil {
			t.Fatal(err)
		}
		set := 0
		for line := range strings.Lines(string(content)) {
			name, _, found := strings.Cut(strings.TrimSpace(line), ": ")
			if !found || !strings.HasPrefix(name, "CCHC_") && !strings.HasPrefix(name, "DATABASE_") {
				continue
			}
			if set++; !read[name] {
				t.Errorf("%s sets %s, which nobody reads", file, name)
			}
		}
		if set < 10 {
			t.Errorf("%s sets only %d variables", file, set)
		}
	}
}

// documentedIn are the variables under a heading, with their defaults.
func documentedIn(content, heading string) map[string]string {
	documented := map[string]string{}
	_, rows, _ := strings.Cut(content, heading)
	rows, _, _ = strings.Cut(rows, "\n## ")
	for line := range strings.Lines(rows) {
		cells := strings.Split(line, "|")
		if len(cells) > 3 && strings.HasPrefix(cells[1], " `") {
			documented[strings.Trim(cells[1], " `")] = strings.Trim(cells[2], " `")
		}
	}
	return documented
}

// goodWatch is the smallest environment that LoadWatch accepts.
func goodWatch() map[string]string {
	return map[string]string{
		"CCHC_PUBLIC_URL": "https://cchc.example.vn",
		"CCHC_WATCH_DATA": "/srv/watch",
		"CCHC_WATCH_URL":  "https://watch.example.vn/",
	}
}

func TestLoadWatch(t *testing.T) {
	w, err := LoadWatch(from(goodWatch()))
	if err != nil {
		t.Fatal(err)
	}
	if w.Every != 30*time.Second || w.Site != "/srv/watch/site" || w.Listen != "127.0.0.1:8090" || w.Witness != nil || w.Operators != nil {
		t.Errorf("defaults: %+v", w)
	}
	for _, row := range []struct{ name, value, want string }{
		{"CCHC_WATCH_DATA", "", "CCHC_WATCH_DATA: is not set"},
		{"CCHC_WATCH_URL", "watch", "CCHC_WATCH_URL: \"watch\" is not an http"},
		{"CCHC_WATCH_SECONDS", "0", "CCHC_WATCH_SECONDS: \"0\" is not a whole number"},
		{"CCHC_WATCH_OPERATORS", "An <an@x.vn>, nobody", "CCHC_WATCH_OPERATORS: "},
		{"CCHC_WATCH_TOKEN_FILE", "/does/not/exist", "CCHC_WATCH_TOKEN_FILE: open"},
		{"CCHC_WATCH_SITE", "/srv/watch", "CCHC_WATCH_SITE: must be neither"},
		{"CCHC_WATCH_SITE", "/srv/watch/", "CCHC_WATCH_SITE: must be neither"},
		{"CCHC_WATCH_SITE", "/srv", "CCHC_WATCH_SITE: must be neither"},
		{"CCHC_WATCH_SITE", "/", "CCHC_WATCH_SITE: must be neither"},
		{"CCHC_WATCH_WITNESS", "https://cchc.example.vn/portal", "CCHC_WATCH_WITNESS: is the system itself"},
		{"CCHC_WATCH_HOOK", "hook.sh", "CCHC_WATCH_HOOK: \"hook.sh\" is not an absolute path"},
		{"CCHC_SMTP_ADDRESS", "mail:25", "CCHC_MAIL_FROM: is needed with"},
	} {
		env := goodWatch()
		env[row.name] = row.value
		if _, err := LoadWatch(from(env)); err == nil || !strings.HasPrefix(err.Error(), row.want) {
			t.Errorf("%s=%s: %v, want %q", row.name, row.value, err, row.want)
		}
	}
	for _, site := range []string{"/srv/watch/public", "/srv/watch-site", "/var/www"} {
		env := goodWatch()
		env["CCHC_WATCH_SITE"], env["CCHC_WATCH_WITNESS"] = site, "https://example.vn/"
		if _, err := LoadWatch(from(env)); err != nil {
			t.Errorf("%s: %v", site, err)
		}
	}
	env := goodWatch()
	env["CCHC_WATCH_OPERATORS"] = "An <an@x.vn>, b@x.vn"
	if w, err = LoadWatch(from(env)); err != nil || len(w.Operators) != 2 || w.Operators[0].Name != "An" || w.Operators[1].Address != "b@x.vn" {
		t.Errorf("operators %v, %v", w.Operators, err)
	}
}

func TestLoadProxy(t *testing.T) {
	env := map[string]string{"CCHC_PROXY_SERVER": "http://server:8080", "CCHC_PROXY_HELP": "Sở Nội vụ, 028 1; Trực kỹ thuật, 028 2 ;"}
	p, err := LoadProxy(from(env))
	if err != nil || p.Listen != "127.0.0.1:8088" || p.Watch != nil || len(p.Help) != 2 || p.Help[1] != "Trực kỹ thuật, 028 2" {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := LoadProxy(from(map[string]string{"CCHC_PROXY_SERVER": "server"})); err == nil || !strings.HasPrefix(err.Error(), "CCHC_PROXY_SERVER: ") {
		t.Errorf("%v", err)
	}
}
