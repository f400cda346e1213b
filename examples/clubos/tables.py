"""The tables of both systems, and how each writes down what the club knows."""

from collections.abc import Mapping

from examples.clubos.club import Club
from examples.clubos.jobs import Job
from examples.example_data import Rows

LEGACY_TABLES = """
    CREATE TABLE members (member_no INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL,
                          phone TEXT NOT NULL, status TEXT NOT NULL, joined TEXT NOT NULL,
                          modified_at TIMESTAMP NOT NULL);
    CREATE TABLE events (event_no INTEGER PRIMARY KEY, title TEXT NOT NULL, venue TEXT NOT NULL,
                         starts_at TIMESTAMP NOT NULL, state TEXT NOT NULL, fee_cents INTEGER NOT NULL,
                         modified_at TIMESTAMP NOT NULL);
    CREATE TABLE registrations (reg_no INTEGER PRIMARY KEY, event_no INTEGER NOT NULL,
                                member_no INTEGER NOT NULL, state TEXT NOT NULL,
                                modified_at TIMESTAMP NOT NULL);
    CREATE TABLE payments (pay_no INTEGER PRIMARY KEY, member_no INTEGER NOT NULL,
                           amount_cents INTEGER NOT NULL, paid_on TEXT NOT NULL,
                           modified_at TIMESTAMP NOT NULL);
    CREATE TABLE contact_changes (change_id TEXT PRIMARY KEY, member_no INTEGER NOT NULL,
                                  field TEXT NOT NULL, value TEXT NOT NULL, origin TEXT NOT NULL,
                                  modified_at TIMESTAMP NOT NULL);
    CREATE TABLE event_notes (event_no INTEGER PRIMARY KEY, note TEXT NOT NULL,
                              modified_at TIMESTAMP NOT NULL);
"""
NEW_TABLES = """
    CREATE TABLE members (member_id INTEGER PRIMARY KEY, full_name TEXT NOT NULL, email TEXT NOT NULL,
                          phone TEXT NOT NULL, active BOOLEAN NOT NULL, joined_on TEXT NOT NULL,
                          modified_at TIMESTAMP NOT NULL);
    CREATE TABLE events (event_id INTEGER PRIMARY KEY, title TEXT NOT NULL, location TEXT NOT NULL,
                         starts_at TIMESTAMP NOT NULL, status TEXT NOT NULL, price_cents INTEGER NOT NULL,
                         modified_at TIMESTAMP NOT NULL);
    CREATE TABLE registrations (registration_id INTEGER PRIMARY KEY, event_id INTEGER NOT NULL,
                                member_id INTEGER NOT NULL, confirmed BOOLEAN NOT NULL,
                                modified_at TIMESTAMP NOT NULL);
    CREATE TABLE payments (payment_id INTEGER PRIMARY KEY, member_id INTEGER NOT NULL,
                           amount_cents INTEGER NOT NULL, paid_on TEXT NOT NULL,
                           modified_at TIMESTAMP NOT NULL);
    CREATE TABLE contact_changes (change_id TEXT PRIMARY KEY, member_id INTEGER NOT NULL,
                                  field TEXT NOT NULL, value TEXT NOT NULL, origin TEXT NOT NULL,
                                  modified_at TIMESTAMP NOT NULL);
    CREATE TABLE event_metadata (event_id INTEGER PRIMARY KEY, note TEXT NOT NULL,
                                 modified_at TIMESTAMP NOT NULL);
    CREATE TABLE sync_jobs (job_id INTEGER PRIMARY KEY, kind TEXT NOT NULL, started_at TIMESTAMP NOT NULL,
                            ended_at TIMESTAMP NOT NULL, status TEXT NOT NULL, changed_rows INTEGER NOT NULL,
                            problem TEXT NOT NULL);
    CREATE TABLE audit_log (entry_id INTEGER PRIMARY KEY, at TIMESTAMP NOT NULL, what TEXT NOT NULL);
    CREATE TABLE chatbot_interactions (interaction_id INTEGER PRIMARY KEY, at TIMESTAMP NOT NULL,
                                       topic TEXT NOT NULL, answered BOOLEAN NOT NULL);
"""
EVENT_STATUS = {"open": "active", "held": "past", "cancelled": "cancelled"}


def legacy_rows(club: Club) -> Mapping[str, Rows]:
    """As legacy writes it down."""
    return {
        "members": (
            (m.id, m.name, m.email, m.phone, "A" if m.active else "R", m.joined, m.changed)
            for m in club.members
        ),
        "events": ((e.id, e.title, e.place, e.starts, e.state, e.fee, e.changed) for e in club.events),
        "registrations": (
            (r.id, r.event, r.member, "booked" if r.booked else "returned", r.changed)
            for r in club.registrations
        ),
        "payments": ((p.id, p.member, p.cents, p.paid_on, p.changed) for p in club.payments),
        "contact_changes": ((c.id, c.member, c.field, c.value, c.origin, c.changed) for c in club.changes),
        "event_notes": ((n.event, n.text, n.changed) for n in club.notes),
    }


def new_rows(club: Club, jobs: list[Job]) -> Mapping[str, Rows]:
    """As the new system writes it down."""
    return {
        "members": ((m.id, m.name, m.email, m.phone, m.active, m.joined, m.changed) for m in club.members),
        "events": (
            (e.id, e.title, e.place, e.starts, EVENT_STATUS[e.state], e.fee, e.changed) for e in club.events
        ),
        "registrations": ((r.id, r.event, r.member, r.booked, r.changed) for r in club.registrations),
        "payments": ((p.id, p.member, p.cents, p.paid_on, p.changed) for p in club.payments),
        "contact_changes": ((c.id, c.member, c.field, c.value, c.origin, c.changed) for c in club.changes),
        "event_metadata": ((n.event, n.text, n.changed) for n in club.notes),
        "sync_jobs": ((j.id, j.kind, j.started, j.ended, j.status, j.rows, "") for j in jobs),
    }
