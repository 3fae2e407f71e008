package main

import (
	"net"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	env := map[string]string{
		"CCHC_TEMPORAL_DATABASE": "postgres://postgres@/?host=/tmp/x",
		"CCHC_TEMPORAL_PORT":     "17233",
		"CCHC_RETENTION_DAYS":    "30",
	}
	getenv := func(name string) string { return env[name] }

	o, err := parse([]string{"-ui-port", "0", "-retention-days", "7"}, getenv)
	if err != nil {
		t.Fatal(err)
	}
	want := options{
		database: "postgres://postgres@/?host=/tmp/x", store: "temporal", port: 17233, uiPort: 0,
		namespace: "cchc", retentionDays: 7, logLevel: "warn",
	}
	if o != want {
		t.Errorf("got %+v, want %+v", o, want)
	}

	env = map[string]string{"CCHC_TEMPORAL_PORT": "http", "CCHC_RETENTION_DAYS": "0"}
	_, err = parse(nil, getenv)
	if err == nil {
		t.Fatal("accepted")
	}
	for _, name := range []string{"-port:", "-retention-days:", "-database:"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in:\n%v", name, err)
		}
	}
}

func TestBusyPortIsNamed(t *testing.T) {
	listener, err := net.Listen("tcp", address(0))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	port := listener.Addr().(*net.TCPAddr).Port
	err = freePort(port, "CCHC_TEMPORAL_PORT")
	if err == nil || !strings.Contains(err.Error(), "in use") || !strings.Contains(err.Error(), "CCHC_TEMPORAL_PORT") {
		t.Errorf("got %v", err)
	}
}

// A socket's folder comes as a parameter; the server's own DSN keeps it.
func TestStoreTakesSocketAndPassword(t *testing.T) {
	s, err := store("postgres://keeper:p%40ss@/ignored?host=/tmp/x&port=5433", "temporal", 5)
	if err != nil {
		t.Fatal(err)
	}
	if s.User != "keeper" || s.Password != "p@ss" || s.DatabaseName != "temporal" ||
		s.ConnectAttributes["host"] != "/tmp/x" || s.ConnectAttributes["port"] != "5433" {
		t.Errorf("got %+v", s)
	}
	if _, err := store("/tmp/x", "temporal", 5); err == nil {
		t.Error("accepted what is no URL")
	}
}
