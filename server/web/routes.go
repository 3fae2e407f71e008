package web

import (
	"io"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/klauspost/compress/gzip"

	"cchc/board"
	"cchc/domain/document"
	"cchc/templates"
)

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// newCompressor makes pages small, with klauspost's gzip: it takes half the time
// of the standard library's.
func newCompressor() *middleware.Compressor {
	c := middleware.NewCompressor(gzipLevel, "text/html", "application/json")
	c.SetEncoder("gzip", func(w io.Writer, level int) io.Writer {
		writer, err := gzip.NewWriterLevel(w, level)
		if err != nil {
			return nil // for levels that there are not
		}
		return writer
	})
	return c
}

// gzipLevel of pages made on the fly: a list of 60 KB becomes 7 KB in half the
// time in which level 5 makes it 6 KB.
const gzipLevel = 1

// routes is every way in, with who may take it. Nothing else is served besides
// static files and the health of the program.
func (s *Server) routes() []route {
	return []route{
		page(get, "/", signedIn, s.home),
		page(get, "/sign-in", anyone, s.showSignIn),
		page(post, "/sign-in", anyone, s.signIn).slowly().upTo(4 * bodyLimit), // may carry a kept form
		page(post, "/sign-out", anyone, s.signOut),
		page(get, "/activate", anyone, s.showActivate),
		page(post, "/activate", anyone, s.activate).slowly(),
		page(post, "/theme", anyone, s.chooseTheme),
		page(get, "/session", signedIn, s.showSession).quietly(),
		page(post, "/session", signedIn, s.prolongSession),
		page(get, "/password", changingPassword, s.showPassword),
		page(post, "/password", changingPassword, s.changePassword).slowly(),
		page(get, "/profile", signedIn, s.showProfile),
		page(post, "/first-look", signedIn, s.changeFirstLook),
		page(get, "/help", anyone, s.showHelp),
		page(get, "/help/{topic}", anyone, s.showHelpTopic),

		page(get, eventsPath, signedIn, s.events).quietly(),
		page(get, "/tasks", signedIn, s.showTasks),
		page(get, "/tasks/next", signedIn, s.nextTask),
		page(get, "/tasks/views", signedIn, s.showViews),
		page(post, "/tasks/views", signedIn, s.saveView),
		page(post, "/tasks/views/{view}", signedIn, s.changeView),
		page(get, "/decisions/{key}", signedIn, s.showDecision),
		page(get, searchPath, readers, s.showSearch),

		page(get, "/documents/{id}", documentReaders, s.showDocument),
		page(get, "/documents/{id}/sections/{code}", documentAuthors, s.showSection),
		page(post, "/documents/{id}/sections/{code}", documentAuthors, s.saveSection),
		page(post, "/documents/{id}/sections/{code}/merge", documentAuthors, s.mergeSection),
		page(post, "/documents/{id}/copy", documentAuthors, s.copyEarlier),
		page(post, "/documents/{id}/presence", documentAuthors, s.markPresent).quietly(),
		page(post, "/documents/{id}/attempts", documentAskers, s.tellAttempts).quietly(),
		page(get, "/documents/{id}/figures/{group}", documentAuthors, s.showFigures),
		page(post, "/documents/{id}/figures/{group}", documentAuthors, s.saveFigures),
		page(get, "/documents/{id}/plan", documentAuthors, s.showPlan),
		page(post, "/documents/{id}/plan", documentAuthors, s.changePlan),
		page(get, "/documents/{id}/plan/rows", documentAuthors, s.planRows),
		page(post, "/documents/{id}/plan/rows", documentAuthors, s.savePlanRows).upTo(4 * bodyLimit), // a whole table pasted at once
		page(get, "/documents/{id}/plan/template.xlsx", documentAuthors, s.planTemplate),
		page(get, "/documents/{id}/plan/tasks.xlsx", documentAuthors, s.exportPlan),
		page(get, "/documents/{id}/plan/import", documentAuthors, s.showPlanImport),
		page(post, "/documents/{id}/plan/import", documentAuthors, s.takePlanImport).upTo(workbookLimit),
		page(get, "/documents/{id}/plan/import/{hash}", documentAuthors, s.showPlanImported),
		page(post, "/documents/{id}/plan/import/{hash}", documentAuthors, s.applyPlanImport),
		page(get, "/documents/{id}/plan/import/{hash}/marked.xlsx", documentAuthors, s.markedImport),
		page(get, "/documents/{id}/plan/{key}", documentAuthors, s.showTask),
		page(post, "/documents/{id}/plan/{key}", documentAuthors, s.saveTask),
		page(get, "/documents/{id}/scores/{field}", documentAuthors, s.showScores),
		page(post, "/documents/{id}/scores/{field}", documentAuthors, s.saveScores),
		page(get, "/documents/{id}/tracking", documentReaders, s.showTracking),
		page(get, "/documents/{id}/tracking/{key}", documentReaders, s.showTracked),
		page(post, "/documents/{id}/tracking/{key}/progress", documentAskers, s.addProgress),
		page(get, "/documents/{id}/tracking/{key}/result", documentAskers, s.showResult),
		page(post, "/documents/{id}/tracking/{key}/result", documentAskers, s.addResult).upTo(uploadLimit),
		page(post, "/documents/{id}/tracking/{key}/withdraw", documentAskers, s.withdrawResult),
		page(get, "/documents/{id}/adjustments", documentReaders, s.showAdjustments),
		page(post, "/documents/{id}/adjustments", documentAuthors, s.beginAdjustment),
		page(get, "/documents/{id}/adjustments/{adjustment}", documentReaders, s.showAdjustment),
		page(post, "/documents/{id}/adjustments/{adjustment}", documentAdjusters, s.decideAdjustment),
		page(get, "/documents/{id}/adjustments/{adjustment}/order", documentAuthors, s.showOrder),
		page(post, "/documents/{id}/adjustments/{adjustment}/order", documentAuthors, s.saveOrder).upTo(uploadLimit),
		page(get, "/documents/{id}/adjustments/{adjustment}/tasks", documentAuthors, s.chooseAdjusted),
		page(get, "/documents/{id}/adjustments/{adjustment}/tasks/{key}", documentAuthors, s.showAdjusted),
		page(post, "/documents/{id}/adjustments/{adjustment}/tasks/{key}", documentAuthors, s.saveAdjusted),
		page(get, "/documents/{id}/adjustments/{adjustment}/file", documentReaders, s.adjustmentFile),
		page(get, waitingPath, readers, s.showWaitingAdjustments),
		page(get, "/documents/{id}/board", documentReaders, s.showUnitPlanBoard),
		page(get, "/documents/{id}/board.xlsx", documentReaders, s.exportUnitPlanBoard),
		page(get, "/documents/{id}/results/{hash}", documentReaders, s.resultFile),
		page(get, "/documents/{id}/files", documentAuthors, s.showFiles),
		page(post, "/documents/{id}/files", documentAuthors, s.uploadFile).upTo(uploadLimit),
		page(post, "/documents/{id}/files/remove", documentAuthors, s.removeFile),
		page(get, "/documents/{id}/files/{hash}", documentReaders, s.attachedFile),
		page(get, "/documents/{id}/bundle/{revision}.zip", documentReaders, s.evidenceBundle),
		page(get, "/documents/{id}/print.pdf", documentReaders, s.printDocument),
		page(get, "/documents/{id}/issued/{revision}.pdf", documentReaders, s.issuedFile),

		page(post, "/documents/{id}/comments", documentOwnPeople, s.addComment),
		page(post, "/documents/{id}/points/{point}", documentAuthors, s.answerPoint),

		page(get, "/documents/{id}/check", documentAuthors, s.showCheck),
		page(post, "/documents/{id}/submit", documentAuthors, s.decide(document.Submit)),
		page(get, "/documents/{id}/recall", documentAuthors, s.showRecall),
		page(post, "/documents/{id}/recall", documentAuthors, s.decide(document.Recall)),
		page(get, "/documents/{id}/differences", documentReaders, s.showDifferences),
		page(get, "/documents/{id}/review", documentReaders, s.showReview),
		page(post, "/documents/{id}/approve", documentReviewers, s.decide(document.Approve)),
		page(get, "/documents/{id}/return", documentDeciders, s.showReturn),
		page(post, "/documents/{id}/return", documentDeciders, s.returnDocument),
		page(get, "/documents/{id}/number", documentNumberers, s.showNumber),
		page(post, "/documents/{id}/number", documentNumberers, s.assignNumber),
		page(get, "/documents/{id}/sign", documentDirectors, s.showSign),
		page(post, "/documents/{id}/sign", documentDirectors, s.signDocument),
		page(post, "/documents/{id}/confirm", documentConfirmers, s.decide(document.Confirm)),
		page(get, "/documents/{id}/extend", documentOfficers, s.showExtend),
		page(post, "/documents/{id}/extend", documentOfficers, s.moveDue(document.Extend)),
		page(get, "/documents/{id}/reopen", documentConfirmers, s.showReopen),
		page(post, "/documents/{id}/reopen", documentConfirmers, s.moveDue(document.Reopen)),
		page(get, "/documents/{id}/extension", documentAskers, s.showAsk),
		page(post, "/documents/{id}/extension", documentAskers, s.askExtension),
		page(post, "/documents/{id}/extension/withdraw", documentAskers, s.withdrawExtension),
		page(get, "/documents/{id}/cause", documentExplainers, s.showCause),
		page(post, "/documents/{id}/cause", documentExplainers, s.noteCause),
		page(get, "/documents/{id}/exempt", documentOfficers, s.showExempt),
		page(post, "/documents/{id}/exempt", documentOfficers, s.decide(document.Exempt)),

		page(get, appraisalsPath, readers, s.showAppraisals),
		page(get, "/appraisals/{id}", appraisalReaders, s.showAppraisal),
		page(post, "/appraisals/{id}/decide", appraisalOfficers, s.decideAppraisal),
		page(post, "/appraisals/{id}/late", appraisalOfficers, s.answerLate),
		page(get, "/appraisals/{id}/files/{hash}", appraisalReaders, s.appraisalFile),
		page(get, "/appraisals/{id}/fields/{field}", appraisers, s.showMarking),
		page(post, "/appraisals/{id}/fields/{field}", appraisers, s.saveMarks),
		page(post, "/appraisals/{id}/fields/{field}/agree", appraisers, s.agreeAll),
		page(post, "/appraisals/{id}/fields/{field}/finish", appraisers, s.finishField),
		page(post, "/appraisals/{id}/fields/{field}/resume", appraisers, s.resumeField),
		page(get, "/appraisals/{id}/explanation", appraisalUnit, s.showExplanation),
		page(post, "/appraisals/{id}/explanation", appraisalUnit, s.saveExplanation),
		page(post, "/appraisals/{id}/explanation/send", appraisalHeads, s.sendExplanation),
		page(post, "/appraisals/{id}/explanation/accept", appraisalHeads, s.acceptMarks),
		page(get, "/appraisals/{id}/explanation/{criterion}", appraisalUnit, s.showExplanationFiles),
		page(post, "/appraisals/{id}/explanation/{criterion}", appraisalUnit, s.uploadExplanationFile).upTo(uploadLimit),
		page(post, "/appraisals/{id}/explanation/{criterion}/remove", appraisalUnit, s.removeExplanationFile),
		page(get, "/campaigns/{code}/appraisal", readers, s.showAppraisalRun),
		page(post, "/campaigns/{code}/appraisal", officers, s.saveAppraisalRun),

		page(get, "/campaigns", readers, s.showCampaigns),
		page(post, "/campaigns", officers, s.launchCampaign),
		page(get, "/campaigns/new", officers, s.showLaunch),
		page(post, "/campaigns/new", officers, s.checkLaunch),
		page(get, rulesPath, officers, s.showRules),
		page(get, rulesPath+"/{kind}", officers, s.showRule),
		page(post, rulesPath+"/{kind}", officers, s.saveRule),
		page(get, laddersPath, officers, s.showLadders),
		page(get, laddersPath+"/{kind}", officers, s.showLadder),
		page(post, laddersPath+"/{kind}", officers, s.saveLadder),
		page(get, seriesPath, officers, s.showSeries),
		page(get, seriesPath+"/new", officers, s.showNewSeries),
		page(post, seriesPath+"/new", officers, s.addSeries),
		page(get, seriesPath+"/{series}", officers, s.showOneSeries),
		page(post, seriesPath+"/{series}", officers, s.changeSeries),
		page(post, seriesPath+"/{series}/end", officers, s.endSeries),
		page(post, seriesPath+"/{series}/delete", officers, s.deleteSeries),
		page(get, "/proposals/{proposal}", officers, s.showProposal),
		page(post, "/proposals/{proposal}/dismiss", officers, s.dismissProposal),
		page(get, adHocNewPath, officers, s.showAdHoc),
		page(post, adHocNewPath, officers, s.checkAdHoc).upTo(uploadLimit),
		page(post, adHocPath, officers, s.launchAdHoc),
		page(get, "/campaigns/{code}", readers, s.showBoard),
		page(get, "/campaigns/{code}/city-plan", officers, s.showCityPlan),
		page(post, "/campaigns/{code}/city-plan", officers, s.nameCityPlan),
		page(get, "/campaigns/{code}/units", officers, s.showUnits),
		page(post, "/campaigns/{code}/units", officers, s.addUnits),
		page(get, "/campaigns/{code}/board.xlsx", readers, s.exportBoard),
		page(get, plansPath, readers, s.showPlans),
		page(get, "/campaigns/{code}/tasks", readers, s.showPlanBoard),
		page(get, "/campaigns/{code}/tasks.xlsx", readers, s.exportPlanBoard),
		page(get, "/campaigns/{code}/overdue", readers, s.showOverdue),
		page(get, "/campaigns/{code}/overdue.xlsx", readers, s.exportOverdue),
		page(get, "/campaigns/{code}/remind", officers, s.showRemind),
		page(post, "/campaigns/{code}/remind", officers, s.remindHolders),
		page(get, "/campaigns/{code}/reminders/{key}", officers, s.showReminded),
		page(get, "/campaigns/{code}"+rankingPlace, rankingReaders, s.showRanking),
		page(get, "/campaigns/{code}/ranking.xlsx", rankingReaders, s.exportRanking),
		page(get, "/campaigns/{code}/ranking.pdf", rankingReaders, s.printRanking),
		page(get, "/campaigns/{code}"+surveysPlace, officers, s.showSurveys),
		page(post, "/campaigns/{code}"+surveysPlace, officers, s.takeSurvey).upTo(workbookLimit),
		page(get, "/campaigns/{code}/surveys.xlsx", officers, s.surveyTemplate),
		page(get, "/campaigns/{code}/surveys/{import}", officers, s.showSurvey),
		page(post, "/campaigns/{code}/surveys/{import}", officers, s.applySurvey),
		page(get, "/campaigns/{code}/surveys/{import}/marked.xlsx", officers, s.markedSurvey),
		page(get, "/campaigns/{code}"+extrasPlace, rankingReaders, s.showExtras),
		page(post, "/campaigns/{code}"+extrasPlace, officers, s.addExtra).upTo(uploadLimit),
		page(get, "/campaigns/{code}/extras/files/{hash}", rankingReaders, s.extraFile),
		page(post, "/campaigns/{code}/extras/{extra}", officers, s.withdrawExtra),
		page(get, rankGroupsPath, rankingReaders, s.showRankGroups),
		page(post, rankGroupsPath, officers, s.saveRankGroups),
		page(get, "/campaigns/{code}"+publishPlace, officers, s.showPublish),
		page(post, "/campaigns/{code}"+publishPlace, officers, s.publish).upTo(uploadLimit),
		page(get, "/campaigns/{code}"+resultsPlace, readers, s.showResults),
		page(get, "/campaigns/{code}/results.xlsx", readers, s.exportResults),
		page(get, "/campaigns/{code}/results.pdf", readers, s.printResults),
		page(get, "/campaigns/{code}/decision", readers, s.decisionFile),
		page(get, "/campaigns/{code}/results/{unit}", unitReaders, s.showUnitResult),
		page(get, "/extensions", officers, s.showExtensions),
		page(post, "/extensions", officers, s.decideExtensions),
		page(get, "/extensions/batches/{key}", officers, s.showBatch),
		page(get, "/outages/{outage}/deadlines", officers, s.showOutageDeadlines),
		page(post, "/outages/{outage}/deadlines", officers, s.extendOutageDeadlines),
		page(get, formsPath, readers, s.showForms),
		page(post, formsPath, officers, s.startForm),
		page(get, "/forms/{form}/versions/{version}", readers, s.showFormVersion),
		page(post, "/forms/{form}/versions/{version}/retire", officers, s.retireForm),
		page(post, "/forms/{form}/versions/{version}/restore", officers, s.restoreForm),
		page(get, "/forms/{form}/draft", officers, s.showFormDraft),
		page(post, "/forms/{form}/draft", officers, s.changeFormDraft),
		page(get, "/forms/{form}/draft/sections", officers, s.showPart(s.sectionsPart)),
		page(post, "/forms/{form}/draft/sections", officers, s.savePart(s.sectionsPart)),
		page(get, "/forms/{form}/draft/groups/{group}", officers, s.showPart(s.groupPart)),
		page(post, "/forms/{form}/draft/groups/{group}", officers, s.savePart(s.groupPart, "group")),
		page(get, "/forms/{form}/draft/checks", officers, s.showPart(s.checksPart)),
		page(post, "/forms/{form}/draft/checks", officers, s.savePart(s.checksPart)),
		page(get, "/forms/{form}/draft/scale", officers, s.showPart(s.scalePart)),
		page(post, "/forms/{form}/draft/scale", officers, s.savePart(s.scalePart)),
		page(get, "/forms/{form}/draft/fields", officers, s.showPart(s.fieldsPart)),
		page(post, "/forms/{form}/draft/fields", officers, s.savePart(s.fieldsPart)),
		page(get, "/forms/{form}/draft/criteria/{field}", officers, s.showPart(s.criteriaPart)),
		page(post, "/forms/{form}/draft/criteria/{field}", officers, s.savePart(s.criteriaPart, "field")),
		page(get, "/forms/{form}/draft/plan-fields", officers, s.showPart(s.planFieldsPart)),
		page(post, "/forms/{form}/draft/plan-fields", officers, s.savePart(s.planFieldsPart)),
		page(get, "/forms/{form}/draft/plan-products", officers, s.showPart(s.planProductsPart)),
		page(post, "/forms/{form}/draft/plan-products", officers, s.savePart(s.planProductsPart)),
		page(get, "/forms/{form}/draft/reading", officers, s.readFormRule).quietly(),
		page(get, "/forms/{form}/draft/preview", officers, s.showFormPreview),
		page(get, "/forms/{form}/draft/publish", officers, s.showFormPublish),
		page(post, "/forms/{form}/draft/publish", officers, s.publishForm),
		page(get, indicatorsPath, readers, s.showIndicators),
		page(get, indicatorsPath+".xlsx", readers, s.exportIndicator),
		page(get, indicatorsPath+"/units", readers, s.showContributions),
		page(get, "/dashboard", readers, s.showDashboard),
		page(get, "/dashboard/units/{unit}", unitReaders, s.showUnitRecord),
		page(get, "/calendar", signedIn, s.showCalendar),
		page(post, "/calendar", officers, s.changeCalendar),
		page(get, "/calendar/edit", officers, s.showMark),
		page(post, "/calendar/preview", officers, s.previewCalendar),

		page(get, operationsPath, operators, s.showOperations),
		page(post, operationsPath+"/wake", operators, s.wake),

		page(get, outagesPath, outageReaders, s.showOutages),
		page(get, outagesPath+"/new", outageKeepers, s.showNewOutage),
		page(post, outagesPath+"/new", outageKeepers, s.openOutage),
		page(get, "/outages/{outage}", outageReaders, s.showOutage),
		page(get, "/outages/{outage}/edit", outageKeepers, s.showEditOutage),
		page(post, "/outages/{outage}/edit", outageKeepers, s.editOutage),
		page(post, "/outages/{outage}/end", outageKeepers, s.endOutage),
		page(post, "/outages/{outage}/confirm", outageOfficers, s.confirmOutage),
		page(post, "/outages/{outage}/dismiss", outageOfficers, s.dismissOutage),
		page(post, "/outages/{outage}/notices/{notice}/word", outageSpeakers, s.giveWord),
		page(get, "/outages/{outage}/notices/{notice}/edit", outageOfficers, s.showEditNotice),
		page(post, "/outages/{outage}/notices/{notice}/edit", outageOfficers, s.editNotice),
		page(post, "/outages/{outage}/notices/{notice}/rest", outageOfficers, s.sendRest),
		page(get, "/outages/{outage}/notices/{notice}.pdf", outageReaders, s.noticePDF),
		page(get, "/outages/{outage}/notices/{notice}.html", outageReaders, s.noticePage),
		page(get, maintenancePath, outageReaders, s.showMaintenance),
		page(post, maintenancePath, outageKeepers, s.announceMaintenance),
		page(post, "/maintenance/{window}/cancel", outageKeepers, s.cancelMaintenance),
		page(get, outageRulePath, outageKeepers, s.showOutageRule),
		page(post, outageRulePath, outageKeepers, s.saveOutageRule),
		page(get, board.Path, anyone, s.showAnnouncements).barely(),
		page(get, board.Path+"{file}", anyone, s.announcementFile).barely(),
		page(get, watchFactsPath, watcher, s.watchFacts).barely(),
		page(post, watchHealthPath, watcher, s.watchHealth).barely(),
		page(post, watchReportPath, watcher, s.watchReport).barely().upTo(watchReportLimit),

		page(get, noticesPath, signedIn, s.showNotices),
		page(post, "/notices/read", signedIn, s.readNotices),
		page(get, unreachedPath, authorityStaff, s.showUnreached),
		page(post, resendPath, authorityStaff, s.resendMails),

		page(get, "/admin/accounts", accountAdmins, s.showAccounts),
		page(get, "/admin/accounts/import", accountAdmins, s.showImport),
		page(post, "/admin/accounts/import", accountAdmins, s.importPeople).upTo(2 * bodyLimit),
		page(get, "/admin/accounts/{person}", accountAdmins, s.showAccount),
		page(post, "/admin/accounts/{person}/code", accountAdmins, s.reissueCode),
		page(post, "/admin/accounts/{person}/close", accountAdmins, s.closeAccount),
		page(post, "/admin/accounts/{person}/positions", accountAdmins, s.addPosition),
		page(post, "/admin/accounts/{person}/positions/{position}/end", accountAdmins, s.endPosition),
	}
}

// Handler is the pages as they are served to people.
func (s *Server) Handler() http.Handler {
	r := chi.NewRouter()
	r.Use(s.visits, s.recovers, s.secures)
	r.Get("/healthz", s.healthz)
	r.Get("/readyz", s.readyz)
	r.With(lightens).Handle("/static/*", templates.Static())
	r.Group(func(r chi.Router) {
		// Pages hold no secret that their length could tell (BREACH): forms from
		// elsewhere are refused by where they come from, not by a token.
		r.Use(newCompressor().Handler)
		r.Use(s.remembers, s.recognises, s.refusesForeign)
		for _, rt := range s.routes() {
			if !rt.quiet && !rt.bare {
				r.Method(rt.method, rt.path, s.handle(rt))
			}
		}
		r.NotFound(s.handle(page(get, "", anyone, s.notFound)))
		r.MethodNotAllowed(s.handle(page(get, "", anyone, s.notFound)))
	})
	r.Group(func(r chi.Router) {
		r.Use(newCompressor().Handler)
		for _, rt := range s.routes() {
			if rt.bare {
				r.Method(rt.method, rt.path, s.handle(rt))
			}
		}
	})
	r.Group(func(r chi.Router) {
		r.Use(s.peeks, s.recognises, s.refusesForeign)
		for _, rt := range s.routes() {
			if rt.quiet {
				r.Method(rt.method, rt.path, s.handle(rt))
			}
		}
	})
	return r
}

// AdminHandler is what operators' tools ask, on a port of its own.
func (s *Server) AdminHandler() http.Handler {
	r := chi.NewRouter()
	r.Get("/healthz", s.healthz)
	r.Get("/readyz", s.readyz)
	r.Handle("/metrics", s.metrics.handler())
	return r
}
