-- LISTAGG in order of arrival, with separators.
-- input readings = readings(seed 130, rows 300)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT window_start, device, LISTAGG(status) AS a, LISTAGG(status, ' | ') AS b, LISTAGG(status, '') AS c, LISTAGG(status) FILTER (WHERE ok) AS d, LISTAGG(CAST(humidity AS STRING), ';') AS e, LISTAGG(status) FILTER (WHERE FALSE) AS f
FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY device, window_start, window_end;
