SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
---- a time without watermark
SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(at), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
---- processing time
SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(pt), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
---- an unknown time column
SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(tr), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
---- sizes
SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '0' SECOND)) GROUP BY window_start, window_end;
SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '1' MONTH)) GROUP BY window_start, window_end;
SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), 10)) GROUP BY window_start, window_end;
SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '10' SECOND, INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;
---- neither grouped nor aggregated
SELECT device, i, COUNT(*), window_time FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY device, window_start, window_end HAVING d > 1;
---- star
SELECT * FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY device, window_start, window_end;
---- numbers of columns
SELECT device FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY 1, window_start, window_end;
---- aggregates
SELECT SUM(device), AVG(ok), COUNT(DISTINCT device), SUM(COUNT(*)), MAX(i, n), SUM(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
---- a window over a watermark that was lost on the way
CREATE VIEW w AS SELECT rt + INTERVAL '1' SECOND AS later FROM t;
SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE w, DESCRIPTOR(later), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;
---- arguments
SELECT COUNT(*) FROM TABLE(TUMBLE(DATA => TABLE t, TIMECOL => DESCRIPTOR(rt), WIDTH => INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;
