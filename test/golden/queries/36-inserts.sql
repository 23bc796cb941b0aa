-- Several inserts that share a source; values take the types of the sink.
-- input readings = readings(seed 29, rows 120)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
CREATE TABLE alerts (id BIGINT, device STRING, temperature DOUBLE);
CREATE TABLE means (device STRING, window_start TIMESTAMP(3), n BIGINT, mean DECIMAL(10, 3));
INSERT INTO alerts SELECT id, device, temperature FROM readings WHERE temperature > 45;
INSERT INTO means SELECT device, window_start, COUNT(*), CAST(AVG(temperature) AS DECIMAL(10, 3)) FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY device, window_start, window_end;
INSERT INTO alerts (device, id) SELECT status, id FROM readings WHERE status = 'FAIL';
