-- LISTAGG(DISTINCT).
-- input readings = readings(seed 131, rows 300)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT window_start, LISTAGG(DISTINCT device) AS a, LISTAGG(DISTINCT status, '/') AS b, LISTAGG(DISTINCT status, '/') FILTER (WHERE ok) AS c, COUNT(DISTINCT status) AS d
FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '30' SECOND)) GROUP BY window_start, window_end;
