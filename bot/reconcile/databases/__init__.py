"""How each kind of database is opened and read: read only, with time-outs, in a snapshot where it has one."""
