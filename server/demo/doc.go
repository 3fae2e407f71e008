// Package demo makes the year of a demonstration: the present quarter at every
// stage, three earlier ones that every unit has handed in, and the same quarter
// of last year, which figures are compared with.
//
// It goes the road of everybody: campaigns are launched, drafts saved, decisions
// added, documents signed with the demo keys, and the workflows do the rest. It
// writes no stage and knows no SQL. What it does next is read from the documents
// themselves and every key is derived, so that it may be killed at any instant
// and goes on where it stopped; what people have taken further it leaves alone.
//
// What the reports say and what people are called is seed data (migrations/seed);
// chance comes from names alone, so that every run tells the same story.
package demo
