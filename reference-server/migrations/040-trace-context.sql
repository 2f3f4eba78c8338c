-- The request that created the run (W3C traceparent): its attempts are executed under the same trace id.
alter table runs add column traceparent text;
