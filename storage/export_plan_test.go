package storage

// The statements whose plans a test looks at.
const SearchPlaces = searchPlaces

// SearchPlacesIn is the same with a status.
const SearchPlacesIn = searchPlacesIn

// InboxCounting counts one tab.
func InboxCounting(tab InboxTab) string {
	if tab == InboxDone {
		return `select sum(n) from (` + inboxDone + `) f`
	}
	return `with ` + inboxMe + ` select count(*) from (` + inboxFound[tab] + `) f`
}
