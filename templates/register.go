package templates

// register is every page with the struct it takes. The key is the file under
// pages/ without its ending.
var register = map[string]any{
	"session/sign-in":  SignInPage{},
	"session/activate": ActivatePage{},
	"session/password": PasswordPage{},
	"session/resume":   ResumePage{},

	"tasks/list":        TasksPage{},
	"tasks/views":       ViewsPage{},
	"search/list":       SearchPage{},
	"notices/list":      NoticesPage{},
	"notices/unreached": UnreachedPage{},

	"document/show":        DocumentPage{},
	"document/section":     SectionPage{},
	"document/conflict":    ConflictPage{},
	"document/figures":     FiguresPage{},
	"document/differences": DifferencesPage{},
	"document/files":       FilesPage{},
	"document/check":       CheckPage{},
	"document/recall":      RecallPage{},
	"document/review":      ReviewPage{},
	"document/return":      ReturnPage{},
	"document/number":      NumberPage{},
	"document/due":         DuePage{},
	"document/extension":   ExtensionPage{},
	"document/comments":    CommentsPage{},
	"document/point":       PointPage{},
	"document/sign":        SignPage{},

	"plan/list":    PlanPage{},
	"plan/task":    TaskPage{},
	"index/scores": ScoresPage{},

	"appraisal/queue":       AppraisalsPage{},
	"appraisal/show":        AppraisalPage{},
	"appraisal/field":       MarkingPage{},
	"appraisal/explanation": ExplanationPage{},
	"appraisal/files":       ExplanationFilesPage{},
	"appraisal/run":         AppraisalRunPage{},

	"index/ranking": RankingPage{},
	"index/survey":  SurveyPage{},
	"index/extras":  ExtrasPage{},
	"index/publish": PublishPage{},
	"index/groups":  RankGroupsPage{},
	"index/results": ResultsPage{},
	"index/result":  UnitResultPage{},

	"plan/import": PlanImportPage{},

	"plan/campaigns": PlansPage{},

	"plan/tracking": TrackingPage{},
	"plan/tracked":  TrackedPage{},
	"plan/result":   ResultPage{},
	"plan/board":    PlanBoardPage{},

	"plan/adjustments": AdjustmentsPage{},
	"plan/adjustment":  AdjustmentPage{},
	"plan/order":       OrderPage{},
	"plan/adjust":      AdjustTaskPage{},
	"plan/waiting":     WaitingAdjustmentsPage{},

	"decision/receipt": ReceiptPage{},
	"decision/pending": PendingPage{},
	"decision/refused": RefusedPage{},
	"decision/changed": ChangedPage{},

	"people/list":    AccountsPage{},
	"people/show":    AccountPage{},
	"people/import":  ImportPage{},
	"people/codes":   CodesPage{},
	"people/profile": ProfilePage{},

	"campaigns/list":        CampaignsPage{},
	"campaigns/launch":      LaunchPage{},
	"campaigns/ad-hoc":      AdHocPage{},
	"campaigns/review":      LaunchReviewPage{},
	"campaigns/board":       BoardPage{},
	"campaigns/overdue":     OverduePage{},
	"campaigns/remind":      RemindPage{},
	"document/cause":        CausePage{},
	"campaigns/city-plan":   CityPlanPage{},
	"campaigns/units":       UnitsPage{},
	"campaigns/calendar":    CalendarPage{},
	"campaigns/rules":       RulesPage{},
	"campaigns/rule":        RulePage{},
	"campaigns/ladders":     LaddersPage{},
	"campaigns/ladder":      LadderPage{},
	"campaigns/series":      SeriesPage{},
	"campaigns/series-form": SeriesFormPage{},
	"campaigns/proposal":    ProposalPage{},

	"campaigns/mark":             MarkPage{},
	"campaigns/calendar-preview": CalendarPreviewPage{},

	"extensions/list":  ExtensionsPage{},
	"extensions/batch": BatchPage{},

	"outages/deadlines": OutageDeadlinesPage{},
	"forms/list":        FormsPage{},
	"forms/show":        FormVersionPage{},
	"forms/edit":        FormEditPage{},
	"forms/sections":    FormSectionsPage{},
	"forms/choices":     FormChoicesPage{},
	"forms/indicators":  FormIndicatorsPage{},
	"forms/checks":      FormChecksPage{},
	"forms/scale":       FormScalePage{},
	"forms/fields":      FormFieldsPage{},
	"forms/criteria":    FormCriteriaPage{},
	"forms/preview":     FormPreviewPage{},
	"forms/publish":     FormPublishPage{},

	"indicators/show":  IndicatorsPage{},
	"indicators/units": ContributionsPage{},

	"dashboard/show": DashboardPage{},
	"dashboard/unit": UnitRecordPage{},

	"operations/show": OperationsPage{},

	"outages/list":          OutagesPage{},
	"outages/form":          OutageFormPage{},
	"outages/show":          OutagePage{},
	"outages/draft":         DraftPage{},
	"outages/maintenance":   MaintenancePage{},
	"outages/rule":          OutageRulePage{},
	"outages/announcements": AnnouncementsPage{},

	"help/index": HelpIndexPage{},
	"help/topic": HelpTopicPage{},

	"errors/error": ErrorPage{},
}
