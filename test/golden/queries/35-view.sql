-- A view over a view, used by a window.
-- input readings = readings(seed 28, rows 200)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
CREATE TEMPORARY VIEW measured AS SELECT device, temperature + 273.15 AS kelvin, `position`.site.name AS site, rt FROM readings WHERE temperature IS NOT NULL;
CREATE TEMPORARY VIEW placed AS SELECT * FROM measured WHERE site IS NOT NULL;
SELECT site, window_start, COUNT(*) AS n, AVG(kelvin) AS k FROM TABLE(TUMBLE(TABLE placed, DESCRIPTOR(rt), INTERVAL '20' SECOND)) GROUP BY site, window_start, window_end;
