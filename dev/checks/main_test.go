package main

import (
	"context"
	"strings"
	"testing"
)

func TestStepReports(t *testing.T) {
	rows := []struct {
		name string
		step step
		want string // part of the error; empty: none
	}{
		{"a command that succeeds", step{dir: ".", args: []string{"true"}}, ""},
		{"a command that fails", step{dir: ".", args: []string{"false"}}, "exit status 1"},
		{"silence where words are problems", step{dir: ".", args: []string{"true"}, clean: true}, ""},
		{"words where words are problems", step{dir: ".", args: []string{"echo", "main.go"}, clean: true}, "not right"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			err := row.step.run(context.Background())
			if (err == nil) != (row.want == "") || err != nil && !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want %q", err, row.want)
			}
		})
	}
}
