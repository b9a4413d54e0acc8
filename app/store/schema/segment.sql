-- One segment: about 500,000 events, the facts that came with them, and the positions reached after them.
-- Numbers of events are DOUBLE: exact to 2^53, and a plain number in JavaScript.

CREATE TABLE segment (format INTEGER, sealed BOOLEAN);

-- What many events have in common; events name it by its id.
CREATE TABLE source (
  id INTEGER,
  connection VARCHAR,
  system VARCHAR,
  cluster VARCHAR,
  channel VARCHAR,
  kind VARCHAR,
  clock VARCHAR,
  format VARCHAR,
  type VARCHAR,
  producer VARCHAR
);

CREATE TABLE event (
  seq DOUBLE,
  source INTEGER,
  id VARCHAR,
  id_hash DOUBLE,
  partition DOUBLE,
  "offset" VARCHAR,
  time DOUBLE,          -- epoch ms
  observed_at DOUBLE,   -- epoch ms
  key VARCHAR,
  headers VARCHAR,      -- JSON [[name, value | {"base64": …}], …]
  payload VARCHAR,
  payload_bytes BLOB,
  size DOUBLE,          -- bytes on the wire
  facts VARCHAR,        -- JSON [ids, causes, trace id, span id, keys]
  extra VARCHAR         -- JSON of what few events have
);

-- Hash of each distinct value by which an event can be found: a row for each batch, of pairs of little-endian doubles
-- (hash, number of the event). While the segment grows; sealing replaces it by a file beside it.
CREATE TABLE key_run (pairs BLOB);

CREATE TABLE delivery (
  no DOUBLE,            -- in order of recording, over all segments
  connection VARCHAR,
  event_hash DOUBLE,    -- hash of the event's name, or null for a range
  channel VARCHAR,      -- system/cluster/name
  partition DOUBLE,
  from_rank VARCHAR,    -- offsets, padded so that text order is their order
  to_rank VARCHAR,
  body VARCHAR          -- JSON of the delivery
);

-- State carried forward from segment to segment; within one, a later row of the same subject wins or is merged.
CREATE TABLE checkpoint (connection VARCHAR, body VARCHAR);
CREATE TABLE coverage (connection VARCHAR, body VARCHAR);
CREATE TABLE topology (connection VARCHAR, body VARCHAR);
