-- Windows over a join in time.
-- compare content
-- input readings = readings(seed 373, rows 60)
-- input others = readings(seed 380, rows 40)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '30' SECOND
);
CREATE TABLE others (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '30' SECOND
);
CREATE TEMPORARY VIEW joined AS SELECT r.device, r.rt AS rt, o.id AS other FROM readings r JOIN others o ON r.device = o.device AND r.rt BETWEEN o.rt - INTERVAL '3' SECOND AND o.rt + INTERVAL '2' SECOND;
SELECT device, window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE joined, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY device, window_start, window_end;
