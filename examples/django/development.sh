# What both terminals of the README need, for this machine only: `. ./development.sh`
export DJANGO_DEBUG=true
export NOTIFY_SECRET=for-this-machine-only-and-no-other
export NOTIFY_URL=http://127.0.0.1:8000/elocute/events NOTIFY_ALLOW_PRIVATE=true
LESSON_QUERY=$(cat lesson-query.sql)
export LESSON_QUERY
