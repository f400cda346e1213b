BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE application_versions (
    version_id TEXT NOT NULL PRIMARY KEY,
    version_name TEXT NOT NULL UNIQUE,
    version_timestamp INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    created_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000)
, "application_name" TEXT DEFAULT NULL);
INSERT INTO "application_versions" VALUES('c3eb03b5-e720-473d-81ae-a1f1bab9448d','1',1795232100000,1795232100000,'switchback');
CREATE TABLE audit (
	number INTEGER NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	actor VARCHAR(120) NOT NULL, 
	kind VARCHAR(60) NOT NULL, 
	subject VARCHAR(120) NOT NULL, 
	facts JSON NOT NULL, 
	previous VARCHAR(64) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (number)
);
INSERT INTO "audit" VALUES(1,'2026-11-21T03:35:00.799980+00:00','U0ONCALL (sam.okafor)','walk.started','walk:01M7Y2QWDYHDT3NR5YSRRXXV2Z','{"migration": "ledger", "environment": "production", "version": 1, "place": "wrong", "last_answer": null, "reason": null}','0000000000000000000000000000000000000000000000000000000000000000','0cdc008f6dd70e15452bcd67f80d1065811218fe66aeed04688474faaa37538a');
INSERT INTO "audit" VALUES(2,'2026-11-21T03:35:00.872816+00:00','U0ONCALL (sam.okafor)','walk.answered','walk:01M7Y2QWDYHDT3NR5YSRRXXV2Z','{"migration": "ledger", "environment": "production", "version": 2, "place": "roll-back", "last_answer": "wrong=yes", "reason": null}','0cdc008f6dd70e15452bcd67f80d1065811218fe66aeed04688474faaa37538a','2d49014df4d6f1c3cd261ffbd424b7da79280a9aa0fc3a16f1819302cf692312');
INSERT INTO "audit" VALUES(3,'2026-11-21T03:35:00.972713+00:00','U0ONCALL (sam.okafor)','run.confirmed','run:01M7Y2QWJ3BDM32Z07692JSPC0','{"migration": "ledger", "environment": "production", "plan": "back", "preview": "03d627a209fd679e0e438160a216e8c5ffe13fee55e67cec279e1263c15714de", "playbook": "e3236c51c003922ab03f40df95581ce2e29e43bb11a099741f3d4ad79927d9f2"}','2d49014df4d6f1c3cd261ffbd424b7da79280a9aa0fc3a16f1819302cf692312','d5c097a0fba66e86bf041943e8bcd2250b04e5fb24499844ba42f0998aba9ea0');
INSERT INTO "audit" VALUES(4,'2026-11-21T03:35:01.004701+00:00','switchback (Switchback)','step.intent','run:01M7Y2QWJ3BDM32Z07692JSPC0:one','{"nonce": "01M7Y2QWMBFYDQ220C67SM33TR", "attempt": 1}','d5c097a0fba66e86bf041943e8bcd2250b04e5fb24499844ba42f0998aba9ea0','f9d49e37a712f589274928440ad4abd4b5c3b7a91aefb382132096c181f1525a');
INSERT INTO "audit" VALUES(5,'2026-11-21T03:35:01.269409+00:00','switchback (Switchback)','step.outcome','run:01M7Y2QWJ3BDM32Z07692JSPC0:one','{"status": "done", "summary": "/work/wt/old/.venv/bin/python: exit 0"}','f9d49e37a712f589274928440ad4abd4b5c3b7a91aefb382132096c181f1525a','c9dd66ce6ea23b404d9807698b0fb7d4ae3d66b71125e765792f66f897ebdb0c');
INSERT INTO "audit" VALUES(6,'2026-11-21T03:35:01.278245+00:00','switchback (Switchback)','step.outcome','run:01M7Y2QWJ3BDM32Z07692JSPC0:by-hand','{"status": "waiting"}','c9dd66ce6ea23b404d9807698b0fb7d4ae3d66b71125e765792f66f897ebdb0c','f9118c28ba6ae85e0ad0d9750b711d5ee83681da1a21f9ce999d8d48913aee45');
CREATE TABLE audit_head (
	id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_audit_head PRIMARY KEY (id)
);
INSERT INTO "audit_head" VALUES(1,6,'f9118c28ba6ae85e0ad0d9750b711d5ee83681da1a21f9ce999d8d48913aee45');
CREATE TABLE channel_leases (
	channel VARCHAR(81) NOT NULL, 
	owner VARCHAR(40) NOT NULL, 
	until DATETIME NOT NULL, 
	CONSTRAINT pk_channel_leases PRIMARY KEY (channel)
);
INSERT INTO "channel_leases" VALUES('#incidents','main','2026-11-21 03:35:31.315037');
CREATE TABLE dbos_migrations (version INTEGER NOT NULL PRIMARY KEY);
INSERT INTO "dbos_migrations" VALUES(125);
CREATE TABLE incidents (
	id VARCHAR(40) NOT NULL, 
	migration VARCHAR(60) NOT NULL, 
	environment VARCHAR(60) NOT NULL, 
	channel VARCHAR(81) NOT NULL, 
	opened_at DATETIME NOT NULL, 
	opened_by JSON NOT NULL, 
	severity VARCHAR(2), 
	closed_at DATETIME, 
	CONSTRAINT pk_incidents PRIMARY KEY (id)
);
INSERT INTO "incidents" VALUES('01M7Y2QWDY1AGSAVCRW2YJ09C0','ledger','production','#incidents','2026-11-21 03:35:00.798516','{"id": "U0ONCALL", "name": "sam.okafor"}','P1',NULL);
CREATE TABLE message_places (
	subject VARCHAR(120) NOT NULL, 
	channel_id VARCHAR(40) NOT NULL, 
	ts VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_message_places PRIMARY KEY (subject)
);
INSERT INTO "message_places" VALUES('incident:01M7Y2QWDY1AGSAVCRW2YJ09C0','C0INCIDENTS','1795232100.848424');
CREATE TABLE notifications (
    message_uuid TEXT NOT NULL DEFAULT (hex(randomblob(16))) PRIMARY KEY,
    destination_uuid TEXT NOT NULL,
    topic TEXT,
    message TEXT NOT NULL,
    created_at_epoch_ms INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000), "serialization" TEXT DEFAULT NULL, "consumed" BOOLEAN NOT NULL DEFAULT FALSE, consumed_by_function_id INTEGER,
    FOREIGN KEY (destination_uuid) REFERENCES workflow_status(workflow_uuid) 
        ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE "operation_outputs" (
    workflow_uuid TEXT NOT NULL,
    function_id INTEGER NOT NULL,
    function_name TEXT NOT NULL DEFAULT '',
    output TEXT,
    error TEXT,
    child_workflow_id TEXT,
    started_at_epoch_ms INTEGER,
    completed_at_epoch_ms INTEGER,
    serialization TEXT,
    application_name TEXT DEFAULT NULL,
    retention_timestamp INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    PRIMARY KEY (workflow_uuid, function_id)
);
CREATE TABLE outbox (
	number INTEGER NOT NULL, 
	channel VARCHAR(81) NOT NULL, 
	way VARCHAR(8) NOT NULL, 
	subject VARCHAR(120) NOT NULL, 
	thread VARCHAR(120), 
	kind VARCHAR(40) NOT NULL, 
	facts JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	status VARCHAR(8) NOT NULL, 
	attempts INTEGER NOT NULL, 
	not_before DATETIME, 
	problem TEXT, 
	CONSTRAINT pk_outbox PRIMARY KEY (number)
);
INSERT INTO "outbox" VALUES(1,'#incidents','show','incident:01M7Y2QWDY1AGSAVCRW2YJ09C0',NULL,'walk.question','{"walk": {"id": "01M7Y2QWDYHDT3NR5YSRRXXV2Z", "incident": "01M7Y2QWDY1AGSAVCRW2YJ09C0", "migration": "ledger", "environment": "production", "started_by": {"id": "U0ONCALL", "name": "sam.okafor"}, "started_at": "2026-11-21T03:35:00.798516Z", "holder": {"id": "U0ONCALL", "name": "sam.okafor"}, "status": "asking", "place": "wrong", "answers": [], "overruling": null, "measured": null, "preview": null, "closed_by": null, "closed_at": null, "version": 1}, "title": "General ledger", "ask": "Is it wrong?", "number": 1, "answers": [{"id": "yes", "text": "Yes"}, {"id": "unknown", "text": "I don''t know"}], "measured": [], "last_answer": ""}','2026-11-21 03:35:00.801278','sent',1,NULL,NULL);
INSERT INTO "outbox" VALUES(2,'#incidents','say','timeline:1','incident:01M7Y2QWDY1AGSAVCRW2YJ09C0','timeline','{"entries": [{"at": "2026-11-21T03:35:00.804679Z", "actor": "sam.okafor", "text": "opened the rollback of General ledger", "mention": ""}]}','2026-11-21 03:35:00.804679','sent',1,NULL,NULL);
INSERT INTO "outbox" VALUES(3,'#incidents','say','timeline:2','incident:01M7Y2QWDY1AGSAVCRW2YJ09C0','timeline','{"entries": [{"at": "2026-11-21T03:35:00.873199Z", "actor": "sam.okafor", "text": "\u201cIs it wrong?\u201d: Yes\n*Roll back, plan back: \u201cIs it wrong?\u201d: sam.okafor answered \u201cYes\u201d*", "mention": ""}]}','2026-11-21 03:35:00.873199','sent',0,NULL,NULL);
INSERT INTO "outbox" VALUES(4,'#incidents','show','incident:01M7Y2QWDY1AGSAVCRW2YJ09C0',NULL,'walk.verdict','{"walk": {"id": "01M7Y2QWDYHDT3NR5YSRRXXV2Z", "incident": "01M7Y2QWDY1AGSAVCRW2YJ09C0", "migration": "ledger", "environment": "production", "started_by": {"id": "U0ONCALL", "name": "sam.okafor"}, "started_at": "2026-11-21T03:35:00.798516Z", "holder": {"id": "U0ONCALL", "name": "sam.okafor"}, "status": "concluded", "place": "roll-back", "answers": [{"question": "wrong", "answer": "yes", "by": {"id": "U0ONCALL", "name": "sam.okafor"}, "at": "2026-11-21T03:35:00.872256Z", "measured": []}], "overruling": null, "measured": null, "preview": null, "closed_by": null, "closed_at": null, "version": 2}, "title": "General ledger", "severity": "P1", "verdict": {"title": "Roll back", "plan": "back", "reasons": ["\u201cIs it wrong?\u201d: sam.okafor answered \u201cYes\u201d"], "advice": null, "contradicted": false}, "plan_title": "Back", "plans": {"back": "Back"}, "preview": null}','2026-11-21 03:35:00.880930','sent',1,NULL,NULL);
INSERT INTO "outbox" VALUES(5,'#incidents','show','incident:01M7Y2QWDY1AGSAVCRW2YJ09C0',NULL,'walk.verdict','{"walk": {"id": "01M7Y2QWDYHDT3NR5YSRRXXV2Z", "incident": "01M7Y2QWDY1AGSAVCRW2YJ09C0", "migration": "ledger", "environment": "production", "started_by": {"id": "U0ONCALL", "name": "sam.okafor"}, "started_at": "2026-11-21T03:35:00.798516Z", "holder": {"id": "U0ONCALL", "name": "sam.okafor"}, "status": "concluded", "place": "roll-back", "answers": [{"question": "wrong", "answer": "yes", "by": {"id": "U0ONCALL", "name": "sam.okafor"}, "at": "2026-11-21T03:35:00.872256Z", "measured": []}], "overruling": null, "measured": null, "preview": "01M7Y2QWJ3BDM32Z07692JSPC0", "closed_by": null, "closed_at": null, "version": 2}, "title": "General ledger", "severity": "P1", "verdict": {"title": "Roll back", "plan": "back", "reasons": ["\u201cIs it wrong?\u201d: sam.okafor answered \u201cYes\u201d"], "advice": null, "contradicted": false}, "plan_title": "Back", "plans": {"back": "Back"}, "preview": {"id": "01M7Y2QWJ3BDM32Z07692JSPC0", "walk": "01M7Y2QWDYHDT3NR5YSRRXXV2Z", "migration": "ledger", "environment": "production", "plan_id": "back", "plan": {"title": "Back", "budget": "2m", "stages": [{"id": "all", "title": "All", "budget": "2m", "steps": [{"id": "one", "title": "Leave line one", "uses": "exec", "with_": {"argv": ["/work/wt/old/.venv/bin/python", "-S", "-E", "/tmp/pytest-of-root/pytest-72/test_dump0/playbooks/ledger/leave_line.py", "one"], "probe": {"argv": ["/bin/grep", "-qx", "one", "ledger.txt"]}}, "budget": "1s", "longest": "2s"}, {"id": "by-hand", "title": "By hand", "uses": "manual", "with_": {"instructions": "Look"}, "budget": "30s", "longest": null}, {"id": "two", "title": "Leave line two", "uses": "exec", "with_": {"argv": ["/work/wt/old/.venv/bin/python", "-S", "-E", "/tmp/pytest-of-root/pytest-72/test_dump0/playbooks/ledger/leave_line.py", "two"], "probe": {"argv": ["/bin/grep", "-qx", "two", "ledger.txt"]}}, "budget": "1s", "longest": "2s"}, {"id": "three", "title": "Leave line three", "uses": "exec", "with_": {"argv": ["/work/wt/old/.venv/bin/python", "-S", "-E", "/tmp/pytest-of-root/pytest-72/test_dump0/playbooks/ledger/leave_line.py", "three"], "probe": {"argv": ["/bin/grep", "-qx", "three", "ledger.txt"]}}, "budget": "1s", "longest": "2s"}]}]}, "playbook_digest": "e3236c51c003922ab03f40df95581ce2e29e43bb11a099741f3d4ad79927d9f2", "made_at": "2026-11-21T03:35:00.931993Z", "steps": [{"step": "one", "stage": "all", "title": "Leave line one", "effect": "Runs /work/wt/old/.venv/bin/python in /tmp/pytest-of-root/pytest-72/test_dump0/playbooks/ledger; exit 0 is success", "exact": "/work/wt/old/.venv/bin/python -S -E /tmp/pytest-of-root/pytest-72/test_dump0/playbooks/ledger/leave_line.py one", "budget_seconds": 1.0, "ready": true, "problem": ""}, {"step": "by-hand", "stage": "all", "title": "By hand", "effect": "A person does this and presses \u201cDone\u201d", "exact": "Look", "budget_seconds": 30.0, "ready": true, "problem": ""}, {"step": "two", "stage": "all", "title": "Leave line two", "effect": "Runs /work/wt/old/.venv/bin/python in /tmp/pytest-of-root/pytest-72/test_dump0/playbooks/ledger; exit 0 is success", "exact": "/work/wt/old/.venv/bin/python -S -E /tmp/pytest-of-root/pytest-72/test_dump0/playbooks/ledger/leave_line.py two", "budget_seconds": 1.0, "ready": true, "problem": ""}, {"step": "three", "stage": "all", "title": "Leave line three", "effect": "Runs /work/wt/old/.venv/bin/python in /tmp/pytest-of-root/pytest-72/test_dump0/playbooks/ledger; exit 0 is success", "exact": "/work/wt/old/.venv/bin/python -S -E /tmp/pytest-of-root/pytest-72/test_dump0/playbooks/ledger/leave_line.py three", "budget_seconds": 1.0, "ready": true, "problem": ""}]}}','2026-11-21 03:35:00.933928','sent',1,NULL,NULL);
INSERT INTO "outbox" VALUES(6,'#incidents','say','timeline:3','incident:01M7Y2QWDY1AGSAVCRW2YJ09C0','timeline','{"entries": [{"at": "2026-11-21T03:35:00.972713Z", "actor": "sam.okafor", "text": "confirmed the rollback: plan \u201cBack\u201d, 4 steps", "mention": ""}]}','2026-11-21 03:35:00.972713','sent',1,NULL,NULL);
INSERT INTO "outbox" VALUES(7,'#incidents','show','incident:01M7Y2QWDY1AGSAVCRW2YJ09C0',NULL,'run','{"id": "01M7Y2QWJ3BDM32Z07692JSPC0", "title": "General ledger", "migration": "ledger", "environment": "production", "plan_title": "Back", "status": "running", "at": "2026-11-21T03:35:01.003420Z", "confirmed_by": "sam.okafor", "confirmed_at": "2026-11-21T03:35:00.972713Z", "detected_at": "2026-11-21T03:35:00.798516Z", "elapsed": "PT0.030707S", "budget": "PT2M", "stages": [{"id": "all", "title": "All", "status": "running", "elapsed": "PT0S", "budget": "PT2M", "steps": [{"id": "one", "title": "Leave line one", "uses": "exec", "status": "running", "attempt": 1, "elapsed": "PT0S", "budget": "PT1S", "summary": "", "decided_by": null, "reason": "", "evidence": [], "started_at": "2026-11-21T03:35:01.003420Z"}, {"id": "by-hand", "title": "By hand", "uses": "manual", "status": "pending", "attempt": 0, "elapsed": "PT0S", "budget": "PT30S", "summary": "", "decided_by": null, "reason": "", "evidence": [], "started_at": null}, {"id": "two", "title": "Leave line two", "uses": "exec", "status": "pending", "attempt": 0, "elapsed": "PT0S", "budget": "PT1S", "summary": "", "decided_by": null, "reason": "", "evidence": [], "started_at": null}, {"id": "three", "title": "Leave line three", "uses": "exec", "status": "pending", "attempt": 0, "elapsed": "PT0S", "budget": "PT1S", "summary": "", "decided_by": null, "reason": "", "evidence": [], "started_at": null}]}], "current": {"id": "one", "title": "Leave line one", "uses": "exec", "status": "running", "attempt": 1, "elapsed": "PT0S", "budget": "PT1S", "summary": "", "decided_by": null, "reason": "", "evidence": [], "started_at": "2026-11-21T03:35:01.003420Z"}, "instructions": "", "progress": "0 of 4 steps", "ended_by": "", "end_reason": ""}','2026-11-21 03:35:00.972713','sent',1,NULL,NULL);
INSERT INTO "outbox" VALUES(8,'#incidents','say','timeline:4','incident:01M7Y2QWDY1AGSAVCRW2YJ09C0','timeline','{"entries": [{"at": "2026-11-21T03:35:01.268833Z", "actor": "Switchback", "text": "\u2705 Leave line one \u00b7 0:00 of 0:01 \u00b7 /work/wt/old/.venv/bin/python: exit 0", "mention": ""}]}','2026-11-21 03:35:01.268833','sent',1,NULL,NULL);
INSERT INTO "outbox" VALUES(9,'#incidents','show','incident:01M7Y2QWDY1AGSAVCRW2YJ09C0',NULL,'run','{"id": "01M7Y2QWJ3BDM32Z07692JSPC0", "title": "General ledger", "migration": "ledger", "environment": "production", "plan_title": "Back", "status": "waiting", "at": "2026-11-21T03:35:01.276002Z", "confirmed_by": "sam.okafor", "confirmed_at": "2026-11-21T03:35:00.972713Z", "detected_at": "2026-11-21T03:35:00.798516Z", "elapsed": "PT0.303289S", "budget": "PT2M", "stages": [{"id": "all", "title": "All", "status": "running", "elapsed": "PT0.272582S", "budget": "PT2M", "steps": [{"id": "one", "title": "Leave line one", "uses": "exec", "status": "done", "attempt": 1, "elapsed": "PT0.265413S", "budget": "PT1S", "summary": "/work/wt/old/.venv/bin/python: exit 0", "decided_by": null, "reason": "", "evidence": [{"name": "exit status", "text": "exit 0"}, {"name": "stdout", "text": ""}, {"name": "stderr", "text": ""}, {"name": "duration", "text": "0.26 s"}], "started_at": "2026-11-21T03:35:01.003420Z"}, {"id": "by-hand", "title": "By hand", "uses": "manual", "status": "waiting", "attempt": 1, "elapsed": "PT0.000084S", "budget": "PT30S", "summary": "", "decided_by": null, "reason": "", "evidence": [], "started_at": "2026-11-21T03:35:01.275918Z"}, {"id": "two", "title": "Leave line two", "uses": "exec", "status": "pending", "attempt": 0, "elapsed": "PT0S", "budget": "PT1S", "summary": "", "decided_by": null, "reason": "", "evidence": [], "started_at": null}, {"id": "three", "title": "Leave line three", "uses": "exec", "status": "pending", "attempt": 0, "elapsed": "PT0S", "budget": "PT1S", "summary": "", "decided_by": null, "reason": "", "evidence": [], "started_at": null}]}], "current": {"id": "by-hand", "title": "By hand", "uses": "manual", "status": "waiting", "attempt": 1, "elapsed": "PT0.000084S", "budget": "PT30S", "summary": "", "decided_by": null, "reason": "", "evidence": [], "started_at": "2026-11-21T03:35:01.275918Z"}, "instructions": "Look", "progress": "1 of 4 steps", "ended_by": "", "end_reason": ""}','2026-11-21 03:35:01.268833','sent',1,NULL,NULL);
INSERT INTO "outbox" VALUES(10,'#incidents','say','timeline:5','incident:01M7Y2QWDY1AGSAVCRW2YJ09C0','timeline','{"entries": [{"at": "2026-11-21T03:35:01.276002Z", "actor": "Switchback", "text": "\u23f3 Waits for you: By hand. Do it by hand, then press \u201cDone\u201d", "mention": "U0ONCALL"}]}','2026-11-21 03:35:01.276002','sent',0,NULL,NULL);
CREATE TABLE previews (
	id VARCHAR(40) NOT NULL, 
	walk VARCHAR(40) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	made_at DATETIME NOT NULL, 
	body JSON NOT NULL, 
	CONSTRAINT pk_previews PRIMARY KEY (id)
);
INSERT INTO "previews" VALUES('01M7Y2QWJ3BDM32Z07692JSPC0','01M7Y2QWDYHDT3NR5YSRRXXV2Z','03d627a209fd679e0e438160a216e8c5ffe13fee55e67cec279e1263c15714de','2026-11-21 03:35:00.931993','{"id": "01M7Y2QWJ3BDM32Z07692JSPC0", "walk": "01M7Y2QWDYHDT3NR5YSRRXXV2Z", "migration": "ledger", "environment": "production", "plan_id": "back", "plan": {"title": "Back", "budget": "2m", "stages": [{"id": "all", "title": "All", "budget": "2m", "steps": [{"id": "one", "title": "Leave line one", "uses": "exec", "with": {"argv": ["@PYTHON@", "-S", "-E", "@PLAYBOOKS@/ledger/leave_line.py", "one"], "probe": {"argv": ["/bin/grep", "-qx", "one", "ledger.txt"]}}, "budget": "1s", "longest": "2s"}, {"id": "by-hand", "title": "By hand", "uses": "manual", "with": {"instructions": "Look"}, "budget": "30s", "longest": null}, {"id": "two", "title": "Leave line two", "uses": "exec", "with": {"argv": ["@PYTHON@", "-S", "-E", "@PLAYBOOKS@/ledger/leave_line.py", "two"], "probe": {"argv": ["/bin/grep", "-qx", "two", "ledger.txt"]}}, "budget": "1s", "longest": "2s"}, {"id": "three", "title": "Leave line three", "uses": "exec", "with": {"argv": ["@PYTHON@", "-S", "-E", "@PLAYBOOKS@/ledger/leave_line.py", "three"], "probe": {"argv": ["/bin/grep", "-qx", "three", "ledger.txt"]}}, "budget": "1s", "longest": "2s"}]}]}, "playbook_digest": "e3236c51c003922ab03f40df95581ce2e29e43bb11a099741f3d4ad79927d9f2", "made_at": "2026-11-21T03:35:00.931993Z", "steps": [{"step": "one", "stage": "all", "title": "Leave line one", "effect": "Runs @PYTHON@ in @PLAYBOOKS@/ledger; exit 0 is success", "exact": "@PYTHON@ -S -E @PLAYBOOKS@/ledger/leave_line.py one", "budget_seconds": 1.0, "ready": true, "problem": ""}, {"step": "by-hand", "stage": "all", "title": "By hand", "effect": "A person does this and presses \u201cDone\u201d", "exact": "Look", "budget_seconds": 30.0, "ready": true, "problem": ""}, {"step": "two", "stage": "all", "title": "Leave line two", "effect": "Runs @PYTHON@ in @PLAYBOOKS@/ledger; exit 0 is success", "exact": "@PYTHON@ -S -E @PLAYBOOKS@/ledger/leave_line.py two", "budget_seconds": 1.0, "ready": true, "problem": ""}, {"step": "three", "stage": "all", "title": "Leave line three", "effect": "Runs @PYTHON@ in @PLAYBOOKS@/ledger; exit 0 is success", "exact": "@PYTHON@ -S -E @PLAYBOOKS@/ledger/leave_line.py three", "budget_seconds": 1.0, "ready": true, "problem": ""}]}');
CREATE TABLE queues (
    queue_id TEXT PRIMARY KEY DEFAULT (hex(randomblob(16))),
    name TEXT NOT NULL UNIQUE,
    concurrency INTEGER,
    worker_concurrency INTEGER,
    rate_limit_max INTEGER,
    rate_limit_period_sec REAL,
    priority_enabled BOOLEAN NOT NULL DEFAULT FALSE,
    partition_queue BOOLEAN NOT NULL DEFAULT FALSE,
    polling_interval_sec REAL NOT NULL DEFAULT 1.0,
    created_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    updated_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000)
, "application_name" TEXT DEFAULT NULL, "partition_concurrency" INTEGER DEFAULT NULL, "partition_worker_concurrency" INTEGER DEFAULT NULL, "partition_rate_limit_max" INTEGER DEFAULT NULL, "partition_rate_limit_period_sec" REAL DEFAULT NULL);
INSERT INTO "queues" VALUES('B60E971B3E836C736CB3AD0C6B67ADC2','switchback',NULL,NULL,NULL,NULL,1,0,0.05,1795232100000,1795232100617,'switchback',NULL,NULL,NULL,NULL);
CREATE TABLE reconciliations (
	id VARCHAR(40) NOT NULL, 
	migration VARCHAR(60) NOT NULL, 
	channel VARCHAR(81) NOT NULL, 
	asked_by JSON NOT NULL, 
	status VARCHAR(12) NOT NULL, 
	started_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	playbook_digest VARCHAR(64) NOT NULL, 
	body JSON, 
	CONSTRAINT pk_reconciliations PRIMARY KEY (id)
);
CREATE TABLE role_copies (
	usergroup VARCHAR(120) NOT NULL, 
	users JSON NOT NULL, 
	read_at DATETIME NOT NULL, 
	CONSTRAINT pk_role_copies PRIMARY KEY (usergroup)
);
CREATE TABLE run_steps (
	run VARCHAR(40) NOT NULL, 
	step VARCHAR(60) NOT NULL, 
	position INTEGER NOT NULL, 
	status VARCHAR(12) NOT NULL, 
	attempt INTEGER NOT NULL, 
	body JSON NOT NULL, 
	CONSTRAINT pk_run_steps PRIMARY KEY (run, step), 
	FOREIGN KEY(run) REFERENCES runs (id)
);
INSERT INTO "run_steps" VALUES('01M7Y2QWJ3BDM32Z07692JSPC0','one',0,'done',1,'{"step": "one", "stage": "all", "status": "done", "attempt": 1, "nonce": "01M7Y2QWMBFYDQ220C67SM33TR", "started_at": "2026-11-21T03:35:01.003420Z", "ended_at": "2026-11-21T03:35:01.268833Z", "due": null, "summary": "@PYTHON@: exit 0", "evidence": [{"name": "exit status", "text": "exit 0"}, {"name": "stdout", "text": ""}, {"name": "stderr", "text": ""}, {"name": "duration", "text": "0.26 s"}], "decided_by": null, "reason": ""}');
INSERT INTO "run_steps" VALUES('01M7Y2QWJ3BDM32Z07692JSPC0','by-hand',1,'waiting',1,'{"step": "by-hand", "stage": "all", "status": "waiting", "attempt": 1, "nonce": "", "started_at": "2026-11-21T03:35:01.275918Z", "ended_at": null, "due": null, "summary": "", "evidence": [], "decided_by": null, "reason": ""}');
INSERT INTO "run_steps" VALUES('01M7Y2QWJ3BDM32Z07692JSPC0','two',2,'pending',0,'{"step": "two", "stage": "all", "status": "pending", "attempt": 0, "nonce": "", "started_at": null, "ended_at": null, "due": null, "summary": "", "evidence": [], "decided_by": null, "reason": ""}');
INSERT INTO "run_steps" VALUES('01M7Y2QWJ3BDM32Z07692JSPC0','three',3,'pending',0,'{"step": "three", "stage": "all", "status": "pending", "attempt": 0, "nonce": "", "started_at": null, "ended_at": null, "due": null, "summary": "", "evidence": [], "decided_by": null, "reason": ""}');
CREATE TABLE runs (
	id VARCHAR(40) NOT NULL, 
	incident VARCHAR(40) NOT NULL, 
	migration VARCHAR(60) NOT NULL, 
	environment VARCHAR(60) NOT NULL, 
	status VARCHAR(12) NOT NULL, 
	segment INTEGER NOT NULL, 
	confirmed_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	body JSON NOT NULL, 
	CONSTRAINT pk_runs PRIMARY KEY (id), 
	FOREIGN KEY(incident) REFERENCES incidents (id)
);
INSERT INTO "runs" VALUES('01M7Y2QWJ3BDM32Z07692JSPC0','01M7Y2QWDY1AGSAVCRW2YJ09C0','ledger','production','waiting',1,'2026-11-21 03:35:00.972713',NULL,'{"id": "01M7Y2QWJ3BDM32Z07692JSPC0", "incident": "01M7Y2QWDY1AGSAVCRW2YJ09C0", "migration": "ledger", "environment": "production", "title": "General ledger", "folder": "@PLAYBOOKS@/ledger", "plan_id": "back", "plan": {"title": "Back", "budget": "2m", "stages": [{"id": "all", "title": "All", "budget": "2m", "steps": [{"id": "one", "title": "Leave line one", "uses": "exec", "with": {"argv": ["@PYTHON@", "-S", "-E", "@PLAYBOOKS@/ledger/leave_line.py", "one"], "probe": {"argv": ["/bin/grep", "-qx", "one", "ledger.txt"]}}, "budget": "1s", "longest": "2s"}, {"id": "by-hand", "title": "By hand", "uses": "manual", "with": {"instructions": "Look"}, "budget": "30s", "longest": null}, {"id": "two", "title": "Leave line two", "uses": "exec", "with": {"argv": ["@PYTHON@", "-S", "-E", "@PLAYBOOKS@/ledger/leave_line.py", "two"], "probe": {"argv": ["/bin/grep", "-qx", "two", "ledger.txt"]}}, "budget": "1s", "longest": "2s"}, {"id": "three", "title": "Leave line three", "uses": "exec", "with": {"argv": ["@PYTHON@", "-S", "-E", "@PLAYBOOKS@/ledger/leave_line.py", "three"], "probe": {"argv": ["/bin/grep", "-qx", "three", "ledger.txt"]}}, "budget": "1s", "longest": "2s"}]}]}, "playbook_digest": "e3236c51c003922ab03f40df95581ce2e29e43bb11a099741f3d4ad79927d9f2", "status": "waiting", "confirmed_by": {"id": "U0ONCALL", "name": "sam.okafor"}, "confirmed_at": "2026-11-21T03:35:00.972713Z", "detected_at": "2026-11-21T03:35:00.798516Z", "ended_at": null, "ended_by": null, "end_reason": "", "segment": 1}');
CREATE TABLE streams (
    workflow_uuid TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    "offset" INTEGER NOT NULL, function_id INTEGER NOT NULL DEFAULT 0, "serialization" TEXT DEFAULT NULL,
    PRIMARY KEY (workflow_uuid, key, "offset"),
    FOREIGN KEY (workflow_uuid) REFERENCES workflow_status(workflow_uuid) 
        ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE timeline (
	number INTEGER NOT NULL, 
	incident VARCHAR(40) NOT NULL, 
	at DATETIME NOT NULL, 
	actor VARCHAR(120) NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_timeline PRIMARY KEY (number), 
	FOREIGN KEY(incident) REFERENCES incidents (id)
);
INSERT INTO "timeline" VALUES(1,'01M7Y2QWDY1AGSAVCRW2YJ09C0','2026-11-21 03:35:00.804679','sam.okafor','opened the rollback of General ledger');
INSERT INTO "timeline" VALUES(2,'01M7Y2QWDY1AGSAVCRW2YJ09C0','2026-11-21 03:35:00.873199','sam.okafor','“Is it wrong?”: Yes
*Roll back, plan back: “Is it wrong?”: sam.okafor answered “Yes”*');
INSERT INTO "timeline" VALUES(3,'01M7Y2QWDY1AGSAVCRW2YJ09C0','2026-11-21 03:35:00.972713','sam.okafor','confirmed the rollback: plan “Back”, 4 steps');
INSERT INTO "timeline" VALUES(4,'01M7Y2QWDY1AGSAVCRW2YJ09C0','2026-11-21 03:35:01.268833','Switchback','✅ Leave line one · 0:00 of 0:01 · /work/wt/old/.venv/bin/python: exit 0');
INSERT INTO "timeline" VALUES(5,'01M7Y2QWDY1AGSAVCRW2YJ09C0','2026-11-21 03:35:01.276002','Switchback','⏳ Waits for you: By hand. Do it by hand, then press “Done”');
CREATE TABLE walks (
	id VARCHAR(40) NOT NULL, 
	incident VARCHAR(40) NOT NULL, 
	migration VARCHAR(60) NOT NULL, 
	environment VARCHAR(60) NOT NULL, 
	status VARCHAR(12) NOT NULL, 
	version INTEGER NOT NULL, 
	body JSON NOT NULL, 
	CONSTRAINT pk_walks PRIMARY KEY (id), 
	FOREIGN KEY(incident) REFERENCES incidents (id)
);
INSERT INTO "walks" VALUES('01M7Y2QWDYHDT3NR5YSRRXXV2Z','01M7Y2QWDY1AGSAVCRW2YJ09C0','ledger','production','confirmed',3,'{"id": "01M7Y2QWDYHDT3NR5YSRRXXV2Z", "incident": "01M7Y2QWDY1AGSAVCRW2YJ09C0", "migration": "ledger", "environment": "production", "started_by": {"id": "U0ONCALL", "name": "sam.okafor"}, "started_at": "2026-11-21T03:35:00.798516Z", "holder": {"id": "U0ONCALL", "name": "sam.okafor"}, "status": "confirmed", "place": "roll-back", "answers": [{"question": "wrong", "answer": "yes", "by": {"id": "U0ONCALL", "name": "sam.okafor"}, "at": "2026-11-21T03:35:00.872256Z", "measured": []}], "overruling": null, "measured": null, "preview": "01M7Y2QWJ3BDM32Z07692JSPC0", "closed_by": {"id": "U0ONCALL", "name": "sam.okafor"}, "closed_at": "2026-11-21T03:35:00.972713Z", "version": 3}');
CREATE TABLE workflow_events (
    workflow_uuid TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL, "serialization" TEXT DEFAULT NULL,
    PRIMARY KEY (workflow_uuid, key),
    FOREIGN KEY (workflow_uuid) REFERENCES workflow_status(workflow_uuid) 
        ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE workflow_events_history (
    workflow_uuid TEXT NOT NULL,
    function_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL, "serialization" TEXT DEFAULT NULL,
    PRIMARY KEY (workflow_uuid, function_id, key),
    FOREIGN KEY (workflow_uuid) REFERENCES workflow_status(workflow_uuid)
        ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE workflow_input (
    workflow_uuid TEXT NOT NULL PRIMARY KEY,
    inputs TEXT,
    retention_timestamp INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000)
);
INSERT INTO "workflow_input" VALUES('preview:01M7Y2QWDYHDT3NR5YSRRXXV2Z:2','{"namedArgs":{},"positionalArgs":["preview",{"walk_id":"01M7Y2QWDYHDT3NR5YSRRXXV2Z","version":2}]}',1795232100000);
INSERT INTO "workflow_input" VALUES('run:01M7Y2QWJ3BDM32Z07692JSPC0:1','{"namedArgs":{},"positionalArgs":["run",{"run_id":"01M7Y2QWJ3BDM32Z07692JSPC0","segment":1}]}',1795232100000);
INSERT INTO "workflow_input" VALUES('overdue:01M7Y2QWJ3BDM32Z07692JSPC0:by-hand:1','{"namedArgs":{},"positionalArgs":["overdue",{"run_id":"01M7Y2QWJ3BDM32Z07692JSPC0","step":"by-hand","attempt":1}]}',1795232101000);
CREATE TABLE workflow_output (
    workflow_uuid TEXT NOT NULL PRIMARY KEY,
    output TEXT,
    error TEXT,
    retention_timestamp INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000)
);
INSERT INTO "workflow_output" VALUES('preview:01M7Y2QWDYHDT3NR5YSRRXXV2Z:2','null',NULL,1795232100000);
INSERT INTO "workflow_output" VALUES('run:01M7Y2QWJ3BDM32Z07692JSPC0:1','null',NULL,1795232101000);
CREATE TABLE workflow_schedules (
    schedule_id TEXT PRIMARY KEY,
    schedule_name TEXT NOT NULL UNIQUE,
    workflow_name TEXT NOT NULL,
    workflow_class_name TEXT,
    schedule TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'ACTIVE',
    context TEXT NOT NULL
, "last_fired_at" TEXT DEFAULT NULL, "automatic_backfill" BOOLEAN NOT NULL DEFAULT FALSE, "cron_timezone" TEXT DEFAULT NULL, "queue_name" TEXT DEFAULT NULL, "application_name" TEXT DEFAULT NULL);
CREATE TABLE workflow_status (
    workflow_uuid TEXT PRIMARY KEY,
    status TEXT,
    name TEXT,
    authenticated_user TEXT,
    assumed_role TEXT,
    authenticated_roles TEXT,
    request TEXT,
    output TEXT,
    error TEXT,
    executor_id TEXT,
    created_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    updated_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    application_version TEXT,
    application_id TEXT,
    class_name TEXT DEFAULT NULL,
    config_name TEXT DEFAULT NULL,
    recovery_attempts INTEGER DEFAULT 0,
    queue_name TEXT,
    workflow_timeout_ms INTEGER,
    workflow_deadline_epoch_ms INTEGER,
    inputs TEXT,
    started_at_epoch_ms INTEGER,
    deduplication_id TEXT,
    priority INTEGER NOT NULL DEFAULT 0
, queue_partition_key TEXT, forked_from TEXT, "owner_xid" TEXT DEFAULT NULL, "parent_workflow_id" TEXT DEFAULT NULL, "serialization" TEXT DEFAULT NULL, "delay_until_epoch_ms" BIGINT DEFAULT NULL, "was_forked_from" BOOLEAN NOT NULL DEFAULT FALSE, "rate_limited" BOOLEAN NOT NULL DEFAULT FALSE, "completed_at" BIGINT, "attributes" TEXT, "schedule_name" TEXT, "debounce_deadline_epoch_ms" BIGINT DEFAULT NULL, "is_debounced" BOOLEAN NOT NULL DEFAULT FALSE, "application_name" TEXT DEFAULT NULL, "creator_xid" TEXT DEFAULT NULL);
INSERT INTO "workflow_status" VALUES('preview:01M7Y2QWDYHDT3NR5YSRRXXV2Z:2','SUCCESS','switchback.job',NULL,NULL,NULL,NULL,NULL,NULL,'main',1795232100000,1795232100000,'1',NULL,NULL,NULL,1,'switchback',NULL,NULL,NULL,1795232100000,NULL,0,NULL,NULL,NULL,NULL,'portable_json',NULL,0,0,1795232100000,'null',NULL,NULL,0,'switchback','dbc846aa-abf9-4504-97e3-7fbfd93284dd');
INSERT INTO "workflow_status" VALUES('run:01M7Y2QWJ3BDM32Z07692JSPC0:1','SUCCESS','switchback.job',NULL,NULL,NULL,NULL,NULL,NULL,'main',1795232100000,1795232101000,'1',NULL,NULL,NULL,1,'switchback',NULL,NULL,NULL,1795232100000,NULL,0,NULL,NULL,NULL,NULL,'portable_json',NULL,0,0,1795232101000,'null',NULL,NULL,0,'switchback','9b83ba5e-55e7-434b-9312-e9175369063c');
INSERT INTO "workflow_status" VALUES('overdue:01M7Y2QWJ3BDM32Z07692JSPC0:by-hand:1','DELAYED','switchback.job',NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795232101000,1795232101000,'1',NULL,NULL,NULL,0,'switchback',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,'portable_json',1795232131277,0,0,NULL,'null',NULL,NULL,0,'switchback','0a8a57c8-3d1d-45df-a54e-b5568f690244');
CREATE INDEX ix_outbox_due ON outbox (status, channel, number);
CREATE INDEX ix_previews_walk ON previews (walk);
CREATE INDEX ix_reconciliations_latest ON reconciliations (migration, ended_at);
CREATE UNIQUE INDEX one_running_reconciliation ON reconciliations (migration) WHERE status = 'running' AND channel != '';
CREATE UNIQUE INDEX one_active_run ON runs (migration, environment) WHERE status IN ('running', 'waiting', 'asking');
CREATE INDEX ix_timeline_incident ON timeline (incident);
CREATE UNIQUE INDEX one_open_walk ON walks (migration, environment) WHERE status IN ('asking', 'concluded');
CREATE INDEX workflow_status_created_at_index ON workflow_status (created_at);
CREATE INDEX idx_workflow_topic ON notifications (destination_uuid, topic);
CREATE INDEX "idx_workflow_status_delayed" ON "workflow_status" ("delay_until_epoch_ms") WHERE status = 'DELAYED';
CREATE INDEX "idx_workflow_status_forked_from" ON "workflow_status" ("forked_from") WHERE "forked_from" IS NOT NULL;
CREATE INDEX "idx_workflow_status_parent_workflow_id" ON "workflow_status" ("parent_workflow_id") WHERE "parent_workflow_id" IS NOT NULL;
CREATE UNIQUE INDEX "uq_workflow_status_dedup_id" ON "workflow_status" ("queue_name", "deduplication_id") WHERE "deduplication_id" IS NOT NULL;
CREATE INDEX "idx_workflow_status_pending" ON "workflow_status" ("created_at") WHERE "status" = 'PENDING';
CREATE INDEX "idx_workflow_status_failed" ON "workflow_status" ("status", "created_at") WHERE "status" IN ('ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED');
CREATE INDEX "idx_workflow_status_rate_limited" ON "workflow_status" ("queue_name", "started_at_epoch_ms") WHERE "rate_limited" = TRUE;
CREATE INDEX "idx_workflow_status_completed_at" ON "workflow_status" ("completed_at") WHERE "completed_at" IS NOT NULL;
CREATE INDEX "idx_workflow_status_started_at" ON "workflow_status" ("started_at_epoch_ms") WHERE "started_at_epoch_ms" IS NOT NULL;
CREATE INDEX "idx_workflow_status_schedule_name" ON "workflow_status" ("schedule_name") WHERE "schedule_name" IS NOT NULL;
CREATE UNIQUE INDEX "uq_application_versions_owner_version"
    ON application_versions ("application_name", "version_name")
    WHERE "application_name" IS NOT NULL;
CREATE UNIQUE INDEX "uq_application_versions_unclaimed_version"
    ON application_versions ("version_name")
    WHERE "application_name" IS NULL;
CREATE INDEX idx_workflow_input_retention
    ON workflow_input (retention_timestamp);
CREATE INDEX idx_workflow_output_retention
    ON workflow_output (retention_timestamp);
CREATE INDEX idx_operation_outputs_retention
    ON operation_outputs (retention_timestamp);
CREATE INDEX "idx_workflow_status_in_flight_v2" ON "workflow_status" ("queue_name", "status", "priority", "created_at", "application_name") WHERE "status" IN ('ENQUEUED', 'PENDING');
CREATE INDEX "idx_workflow_status_partition_dequeue_v3" ON "workflow_status" ("queue_name", "status", "queue_partition_key", "priority", "created_at", "workflow_uuid", "application_name") WHERE "status" IN ('ENQUEUED', 'PENDING') AND "queue_partition_key" IS NOT NULL;
CREATE INDEX "idx_operation_outputs_completed_at_function_name_v2" ON "operation_outputs" ("completed_at_epoch_ms", "function_name", "application_name");
CREATE INDEX "idx_workflow_status_deadline" ON "workflow_status" ("workflow_deadline_epoch_ms") WHERE "status" IN ('ENQUEUED', 'PENDING', 'DELAYED') AND "workflow_deadline_epoch_ms" IS NOT NULL;
CREATE INDEX "idx_application_versions_timestamp" ON "application_versions" ("version_timestamp" DESC);
CREATE INDEX "idx_application_versions_owner_timestamp" ON "application_versions" ("application_name", "version_timestamp" DESC);
COMMIT;
