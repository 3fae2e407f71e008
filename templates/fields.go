package templates

import (
	"fmt"
	"strings"

	"cchc/domain/rule"
	"cchc/templates/words"
)

// Input is one labelled field. Pages make it by the function "input".
type Input struct {
	Name         string
	ID           string
	Label        string
	Hint         string
	Value        string
	Type         string // text when empty
	Error        string // the sentence at the field
	Autocomplete string
	Inputmode    string
	Class        string // short, tiny
	Rows         int    // more than zero: a textarea
	Max          int    // most letters
	Required     bool
	Optional     bool // says so beside the label
	Focus        bool // gets the focus when the page opens
	Options      []Option
	Accept       string // for files
	List         string // id of a datalist with what may be meant
}

// Broken tells whether the field has an error.
func (i Input) Broken() bool { return i.Error != "" }

// Describes lists the ids of what describes the field.
func (i Input) Describes() string {
	var ids []string
	if i.Hint != "" {
		ids = append(ids, i.ID+"-hint")
	}
	if i.Error != "" {
		ids = append(ids, i.ID+"-error")
	}
	return strings.Join(ids, " ")
}

// input makes a field from name-value pairs; an unknown name is an error, so
// that a typing mistake in a page fails its test.
func input(pairs ...any) (Input, error) {
	var i Input
	if len(pairs)%2 != 0 {
		return i, fmt.Errorf("input: odd number of arguments")
	}
	var errs rule.Errors
	for at := 0; at < len(pairs); at += 2 {
		name, _ := pairs[at].(string)
		if name == "errors" {
			errs, _ = pairs[at+1].(rule.Errors)
			continue
		}
		if err := i.set(name, pairs[at+1]); err != nil {
			return i, err
		}
	}
	if i.ID == "" {
		i.ID = anchor(i.Name)
	}
	i.Error = errorAt(errs, i.Name)
	return i, nil
}

func (i *Input) set(name string, value any) error {
	ok := false
	switch name {
	case "name":
		i.Name, ok = value.(string)
	case "id":
		i.ID, ok = value.(string)
	case "label":
		i.Label, ok = value.(string)
	case "hint":
		i.Hint, ok = value.(string)
	case "value":
		i.Value, ok = value.(string)
	case "list":
		i.List, ok = value.(string)
	case "type":
		i.Type, ok = value.(string)
	case "autocomplete":
		i.Autocomplete, ok = value.(string)
	case "inputmode":
		i.Inputmode, ok = value.(string)
	case "class":
		i.Class, ok = value.(string)
	case "accept":
		i.Accept, ok = value.(string)
	case "rows":
		i.Rows, ok = value.(int)
	case "max":
		i.Max, ok = value.(int)
	case "required":
		i.Required, ok = value.(bool)
	case "optional":
		i.Optional, ok = value.(bool)
	case "focus":
		i.Focus, ok = value.(bool)
	case "options":
		i.Options, ok = value.([]Option)
	default:
		return fmt.Errorf("input: unknown %q", name)
	}
	if !ok {
		return fmt.Errorf("input: %s cannot be a %T", name, value)
	}
	return nil
}

// anchors are the signs of a field's name that no id may have.
var anchors = strings.NewReplacer(".", "-", "[", "-", "]", "")

// anchor is the id of a field's element.
func anchor(field string) string {
	return anchors.Replace(field)
}

// errorAt is the sentences of the rules broken at a field, joined.
func errorAt(errs rule.Errors, field string) string {
	var sentences []string
	for _, e := range errs {
		if e.Field == field && field != "" {
			sentences = append(sentences, words.Message(e))
		}
	}
	return strings.Join(sentences, " ")
}
