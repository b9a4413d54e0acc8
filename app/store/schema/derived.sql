-- What correlation worked out of the events; can be rebuilt from the segments.
-- A trace's number is its id without the leading t, read in base 36.

CREATE TABLE derived (format INTEGER, watermark DOUBLE);

CREATE TABLE trace (
  no DOUBLE,
  start DOUBLE,         -- epoch ms
  "end" DOUBLE,         -- epoch ms
  events INTEGER,
  hops INTEGER,
  systems INTEGER,      -- bit set
  failed BOOLEAN,
  keys VARCHAR          -- JSON [[name, value], …], strongest first
);

CREATE TABLE trace_member (no DOUBLE, seq DOUBLE);

CREATE TABLE link (no DOUBLE, "from" DOUBLE, "to" DOUBLE, evidence VARCHAR, confidence DOUBLE, why VARCHAR);

-- Where the address of a merged trace leads.
CREATE TABLE alias (old DOUBLE, new DOUBLE);
