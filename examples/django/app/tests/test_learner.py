from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.test import Client, TestCase, override_settings

from app.models import Lesson, LessonLine, UserPronunciation
from app.uploads import key_of, s3

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "TEST", "AWS_SECRET_ACCESS_KEY": "secret"}


@override_settings(
    SECURE_SSL_REDIRECT=False, S3_ENDPOINT="http://127.0.0.1:9", AUDIO_MAX_BYTES=1000
)
class LearnerTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        User = get_user_model()
        cls.ada = User.objects.create_user("ada")
        cls.bob = User.objects.create_user("bob")
        lesson = Lesson.objects.create(kind="novel", level=2, title="A Breath of Life")
        cls.line = LessonLine.objects.create(lesson=lesson, number=3, sentence="Breathe.")

    def setUp(self):
        s3.cache_clear()
        self.addCleanup(s3.cache_clear)
        environment = patch.dict("os.environ", CREDENTIALS)
        environment.start()
        self.addCleanup(environment.stop)
        self.client.force_login(self.ada)

    def create(self, size=1000, client=None, extension="wav"):
        path = f"/lines/{self.line.pk}/recordings/"
        return (client or self.client).post(path, {"size": size, "extension": extension})

    def test_an_upload_waits_in_a_row_of_the_learner(self):
        answer = self.create().json()
        row = UserPronunciation.objects.get(pk=answer["id"])
        self.assertEqual((row.user, row.line, row.status), (self.ada, self.line, "pending"))
        expected = f"user-audio-file/{self.ada.pk}/novel/level_2/A_Breath_of_Life/audio_line_3.wav"
        self.assertEqual(row.audio_file, expected)

    def test_the_request_binds_size_type_and_whose_it_is(self):
        upload = self.create().json()["upload"]
        url = urlsplit(upload["url"])
        self.assertTrue(url.path.endswith("/A_Breath_of_Life/audio_line_3.wav"), url.path)
        signed = parse_qs(url.query)["X-Amz-SignedHeaders"][0].split(";")
        self.assertEqual(
            signed,
            [
                "content-length",
                "content-type",
                "host",
                "x-amz-meta-content-type-id",
                "x-amz-meta-object-id",
                "x-amz-meta-user-id",
            ],
        )
        kind = ContentType.objects.get_for_model(LessonLine)
        self.assertEqual(
            upload["headers"],
            {
                "content-type": "audio/wav",
                "x-amz-meta-user-id": str(self.ada.pk),
                "x-amz-meta-content-type-id": str(kind.pk),
                "x-amz-meta-object-id": str(self.line.pk),
            },
        )

    def test_a_size_that_elocute_would_refuse_is_refused_before(self):
        for size in (0, -1, 1001, "", "many", "9" * 50):
            with self.subTest(size):
                self.assertEqual(self.create(size).status_code, 400)
        self.assertFalse(UserPronunciation.objects.exists())

    def test_other_formats_have_their_own_key_and_type(self):
        answer = self.create(extension="webm").json()
        self.assertEqual(answer["upload"]["headers"]["content-type"], "audio/webm")
        row = UserPronunciation.objects.get(pk=answer["id"])
        self.assertTrue(row.audio_file.endswith("/audio_line_3.webm"), row.audio_file)

    def test_a_format_that_cannot_be_scored_is_refused_before(self):
        for extension in ("aiff", "", "wav/../x"):
            with self.subTest(extension):
                answer = self.create(extension=extension)
                self.assertEqual(answer.status_code, 400)
                self.assertIn("error", answer.json())
        self.assertFalse(UserPronunciation.objects.exists())

    def test_only_a_post_makes_an_upload(self):
        path = f"/lines/{self.line.pk}/recordings/?size=5"
        self.assertEqual(self.client.get(path).status_code, 405)

    def test_an_upload_needs_a_csrf_token(self):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(self.ada)
        self.assertEqual(self.create(client=strict).status_code, 403)

    def test_nobody_sees_anything_without_a_login(self):
        row = UserPronunciation.objects.create(user=self.ada, audio_file="a.wav")
        anybody = Client()
        for path in ("/", self.line.get_absolute_url(), row.get_absolute_url()):
            with self.subTest(path):
                self.assertRedirects(anybody.get(path), f"/login/?next={path}")
        self.assertEqual(self.create(client=anybody).status_code, 302)
        self.assertEqual(UserPronunciation.objects.count(), 1)

    def test_a_learner_sees_own_rows_only(self):
        theirs = UserPronunciation.objects.create(user=self.bob, line=self.line, audio_file="b.wav")
        own = UserPronunciation.objects.create(user=self.ada, line=self.line, audio_file="a.wav")
        self.assertEqual(self.client.get(theirs.get_absolute_url()).status_code, 404)
        self.assertContains(self.client.get(own.get_absolute_url()), "pending")
        page = self.client.get(self.line.get_absolute_url())
        self.assertContains(page, own.get_absolute_url())
        self.assertNotContains(page, theirs.get_absolute_url())

    def test_a_line_shows_its_own_recordings(self):
        other = LessonLine.objects.create(lesson=self.line.lesson, number=4, sentence="Live.")
        row = UserPronunciation.objects.create(user=self.ada, line=other, audio_file="4.wav")
        path = row.get_absolute_url()
        self.assertContains(self.client.get(other.get_absolute_url()), path)
        self.assertNotContains(self.client.get(self.line.get_absolute_url()), path)

    def test_words_and_advice_are_text_and_no_markup(self):
        row = UserPronunciation.objects.create(
            user=self.ada,
            audio_file="a.wav",
            status="completed",
            mispronounced_words=["<b>breathe"],
            feedback="Say <script>alert(1)</script> again.",
        )
        page = self.client.get(row.get_absolute_url())
        self.assertContains(page, "&lt;b&gt;breathe")
        self.assertNotContains(page, "<script>alert")

    def test_a_title_that_would_break_the_key_is_refused(self):
        for title in ("Above/below", "snake_case", "line\nfeed", ""):
            with self.subTest(title), self.assertRaises(ValidationError):
                Lesson(kind="novel", level=1, title=title).full_clean()

    def test_a_title_in_any_language_is_part_of_the_key(self):
        lesson = Lesson.objects.create(kind="phonics", level=1, title="첫 숨 & 100%")
        line = LessonLine.objects.create(lesson=lesson, number=1, sentence="x")
        self.assertIn("/첫_숨_&_100%/", key_of(self.ada, line))
