// Package samples fills every page with invented people and figures, so that
// tests and the preview show each one in the states a reader will meet.
//
// Nothing in the product imports it.
package samples

import "cchc/templates"

// Sample is one page in one state.
type Sample struct {
	Name string // for the address in the preview: letters, digits, dashes
	Page string // in the register
	View any
}

// All lists every sample; each page of the register occurs at least once.
func All() []Sample {
	var all []Sample
	for _, subject := range [][]Sample{session(), accounts(), tasks(), documents(), figures(), plans(), adjustments(), dues(), outageDeadlines(), reviews(), comparisons(), signing(), decisions(), notices(), campaigns(), series(), ladders(), boards(), planBoards(), overdues(), reminders(), searches(), dashboards(), forms(), criteria(), scores(), rankings(), appraisals(), indicators(), operations(), outages(), help(), failures()} {
		all = append(all, subject...)
	}
	return all
}

// officer is the shell of the authority's officer.
func officer(title string, at templates.Place) templates.Shell {
	return templates.Shell{
		Title: title, User: &templates.User{Name: "Phạm Đức Long", Position: "Chuyên viên Sở Nội vụ", Username: "snv.longpd"},
		Menu: templates.MenuFor(officerActor, at, 23), Bell: 4, Search: true, Path: "/tasks",
	}
}

// specialist is the shell of a unit's specialist.
func specialist(title string, at templates.Place) templates.Shell {
	return templates.Shell{
		Title: title, User: &templates.User{Name: "Nguyễn Thị Minh Hạnh", Position: "Chuyên viên, Sở Tài chính", Username: "stc.hanhntm"},
		Menu: templates.MenuFor(specialistActor, at, 5), Bell: 2, Search: true, Path: "/tasks",
	}
}

// director is the shell of a unit's director.
func director(title string, at templates.Place) templates.Shell {
	return templates.Shell{
		Title: title, User: &templates.User{Name: "Lê Hoàng Phương", Position: "Thủ trưởng đơn vị, Sở Tài chính", Username: "stc.phuonglh"},
		Menu: templates.MenuFor(directorActor, at, 3), Bell: 4, Search: true, Path: "/tasks",
	}
}
