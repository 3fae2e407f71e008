package par_test

import (
	"reflect"
	"testing"

	"cchc/domain/decimal"
	"cchc/domain/par"
	"cchc/domain/rule"
)

// TestNotationReadsWhatItWrites: every list of the shipped set comes back.
func TestNotationReadsWhatItWrites(t *testing.T) {
	s := shipped(t)
	same := func(what string, written string, want, got any, broken rule.Errors) {
		t.Helper()
		if broken != nil || !reflect.DeepEqual(want, got) {
			t.Errorf("%s: %v became\n%s\nand then %v (%v)", what, want, written, got, broken)
		}
	}
	for _, c := range s.Criteria {
		bands, broken := par.ReadBands(par.WriteBands(c.Rule.Bands))
		same(c.Code, par.WriteBands(c.Rule.Bands), c.Rule.Bands, bands, broken)
		late, broken := par.ReadLate(par.WriteLate(c.Rule.Late))
		same(c.Code, par.WriteLate(c.Rule.Late), c.Rule.Late, late, broken)
		items, broken := par.ReadItems(par.WriteItems(c.Rule.Items))
		same(c.Code, par.WriteItems(c.Rule.Items), c.Rule.Items, items, broken)
		weights, broken := par.ReadWeights(par.WriteWeights(c.Rule.Weights))
		same(c.Code, par.WriteWeights(c.Rule.Weights), c.Rule.Weights, weights, broken)
		if d := c.Rule.Deadline; d != nil {
			read, ok := par.ReadDeadline(par.WriteDeadline(d))
			if read.Year = d.Year; !ok || read != *d {
				t.Errorf("%s: %v became %v", c.Code, *d, read)
			}
		}
	}
	classes, broken := par.ReadClasses(par.WriteClasses(s.Classes))
	same("classes", par.WriteClasses(s.Classes), s.Classes, classes, broken)
	groups, broken := par.ReadGroups(par.WriteGroups(s.Groups))
	same("groups", par.WriteGroups(s.Groups), s.Groups, groups, broken)
}

func TestNotationRefuses(t *testing.T) {
	bands, broken := par.ReadBands(" 80 % = 0,5 \n\n tám mươi = 1\n100 = %\n90\n50 = 0,005")
	want := []par.Band{{From: decimal.Of(80), Points: 50}, {From: decimal.Of(100), Share: true}}
	if !reflect.DeepEqual(bands, want) || len(broken) != 3 || broken[0].Args[0] != 3 || broken[1].Args[0] != 5 || broken[2].Args[0] != 6 {
		t.Errorf("%v, %v", bands, broken)
	}
	if items, broken := par.ReadItems("a = 0,5 = có dấu = ở trong"); broken != nil || items[0].Name != "có dấu = ở trong" {
		t.Errorf("%v, %v", items, broken)
	}
	for _, text := range []string{"", "31", "31-01", "x/y"} {
		if d, ok := par.ReadDeadline(text); ok {
			t.Errorf("%q is read as %v", text, d)
		}
	}
}
