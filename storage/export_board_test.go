package storage

// What boards and the dashboard count by, for the test that looks at their plans.
const (
	BoardCount     = boardCount
	DeskLoadQuery  = deskLoad
	DashboardCount = dashboardCount
	DashboardLate  = dashboardLate
)
