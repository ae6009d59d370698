# Tokens are in a file that only this user may read: export RUDDERSTACK_TOKEN=...
0 2 * * * cd /srv/retl && (. ./tokens && node_modules/.bin/openretl run-all --key "nightly/$(date +\%F)" --deadline "3 hours") > nightly.log 2>&1 || ./alert nightly.log
# Every hour: an alert where data are stale, also of syncs that something else runs, and where no night ran.
30 * * * * cd /srv/retl && (. ./tokens && node_modules/.bin/openretl fresh --warn-after "30 hours") > fresh.log 2>&1 || ./alert fresh.log
