package par

import "testing"

func TestATypedMarkSaysWhatItReads(t *testing.T) {
	given := Mark{Criterion: "1.1.1", Points: 50, Reason: "Thiếu một văn bản"}
	out := Mark{Criterion: "1.1.1", NotApplicable: true, Reason: "Không có chức năng"}
	for name, one := range map[string]struct {
		typed  TypedMark
		mark   Mark
		says   bool
		unread bool
		blank  bool
	}{
		"the same number written shorter": {TypedMark{Points: " 0,5 ", Reason: "Thiếu một văn bản "}, given, true, false, false},
		"other points":                    {TypedMark{Points: "0,25", Reason: "Thiếu một văn bản"}, given, false, false, false},
		"another reason":                  {TypedMark{Points: "0,5", Reason: "Thiếu"}, given, false, false, false},
		"a number that is not ready":      {TypedMark{Points: "0,", Reason: "Thiếu một văn bản"}, given, false, true, false},
		"three decimals":                  {TypedMark{Points: "0,505"}, given, false, true, false},
		"a tick alone":                    {TypedMark{Agrees: true}, given, false, false, false},
		"nothing":                         {TypedMark{Points: " ", Reason: "\n"}, given, false, false, true},
		"does not apply":                  {TypedMark{NotApplicable: true, Reason: "Không có chức năng"}, out, true, false, false},
		"applies all the same":            {TypedMark{Points: "0", Reason: "Không có chức năng"}, out, false, false, false},
		"as the page shows it":            {given.Typed(), given, true, false, false},
		"as the page shows what is out":   {out.Typed(), out, true, false, false},
	} {
		if got := one.typed.Says(one.mark); got != one.says {
			t.Errorf("%s: says the mark: %t", name, got)
		}
		if got := one.typed.Unread(); got != one.unread {
			t.Errorf("%s: unread: %t", name, got)
		}
		if got := one.typed.Blank(); got != one.blank {
			t.Errorf("%s: blank: %t", name, got)
		}
	}
}
