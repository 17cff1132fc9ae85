#!/bin/sh
# Makes test/fixtures/formats from one lesson recording. Needs flac, lame, opusenc, oggenc and ffmpeg.
set -eu
cd "$(dirname "$0")/.."
wav='examples/lessons/buckets/user-audio-file/user-audio-file/482/conversation/level_1/At_the_Toy_Store/audio_line_1.wav'
out=test/fixtures/formats
mkdir -p "$out"
flac --totally-silent --force --best --no-padding --output-name "$out/flac.flac" "$wav"
lame --quiet -b 64 "$wav" "$out/mp3.mp3"
opusenc --quiet --bitrate 32 "$wav" "$out/opus.ogg"
oggenc --quiet --quality 5 --output "$out/vorbis.ogg" "$wav"
quiet='ffmpeg -nostdin -v error -y'
$quiet -i "$wav" -c:a libopus -b:a 32k "$out/opus.webm"
$quiet -i "$wav" -ar 44100 -ac 2 -c:a aac -b:a 96k "$out/aac-stereo.m4a"
$quiet -i "$wav" -c:a aac -b:a 64k "$out/aac.m4a"
# As Safari's MediaRecorder writes it: in fragments, without knowing the length.
$quiet -i "$wav" -c:a aac -b:a 64k -movflags frag_keyframe+empty_moov "$out/aac-fragments.m4a"
# As Chromium's MediaRecorder writes it: in clusters of unknown size, without duration or index.
$quiet -i "$wav" -c:a libopus -b:a 32k -f webm -live 1 - | cat > "$out/opus-live.webm"
