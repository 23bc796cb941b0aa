-- Fields of nested rows, NULL rows, and whole rows.
-- input readings = readings(seed 7, rows 40)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT id, r.`position`.x AS x, `position`.site.name AS site, `position`.site.`floor` + 1 AS above, `position`.site AS whole, `position` FROM readings AS r WHERE `position`.site.`floor` IS NULL OR `position`.site.`floor` <> 0;
