from django.contrib.auth import get_user_model
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext

from app.models import Lesson, LessonLine, ScoringEvent, UserPronunciation


@override_settings(
    SECURE_SSL_REDIRECT=False, ELOCUTE_SCORING_URL="https://elocute.test/scorings/{scoring_id}"
)
class AdminTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        User = get_user_model()
        cls.teacher = User.objects.create_superuser("teacher")
        cls.ada = User.objects.create_user("ada")
        lesson = Lesson.objects.create(kind="novel", level=2, title="A Breath of Life")
        cls.line = LessonLine.objects.create(lesson=lesson, number=3, sentence="Breathe.")

    def setUp(self):
        self.client.force_login(self.teacher)

    def add_rows(self, count):
        for index in range(count):
            row = UserPronunciation.objects.create(
                user=self.ada,
                line=self.line,
                audio_file=f"{index}.wav",
                status="completed",
                pitch_similarity=0.8765,
                mispronounced_words=["breath", "<life>"],
                feedback="Hold the vowel. " * 10,
            )
            ScoringEvent.objects.create(
                event_id=f"evt_{row.pk}",
                type="scoring.completed",
                scoring_id="ab" * 32,
                pronunciation=row,
            )
        return row

    def test_the_list_shows_scores_words_advice_and_the_scoring(self):
        self.add_rows(1)
        page = self.client.get("/admin/app/userpronunciation/?status=completed")
        self.assertContains(page, "A Breath of Life, line 3")
        self.assertContains(page, "pitch&nbsp;0.88")
        self.assertContains(page, "breath, &lt;life&gt;")
        self.assertContains(page, "Hold the vowel.")
        self.assertContains(page, f'href="https://elocute.test/scorings/{"ab" * 32}"')
        other = self.client.get("/admin/app/userpronunciation/?status=failed")
        self.assertNotContains(other, "A Breath of Life, line 3")

    def test_the_list_asks_no_more_for_more_rows(self):
        path = "/admin/app/userpronunciation/"
        self.add_rows(2)
        self.client.get(path)
        with CaptureQueriesContext(connection) as few:
            self.client.get(path)
        self.add_rows(20)
        with self.assertNumQueries(len(few)):
            self.client.get(path)

    def test_a_row_is_read_and_not_written(self):
        row = self.add_rows(1)
        path = f"/admin/app/userpronunciation/{row.pk}/change/"
        self.assertContains(self.client.get(path), "Hold the vowel.")
        self.assertEqual(self.client.post(path, {"status": "failed"}).status_code, 403)
        self.assertEqual(self.client.get("/admin/app/userpronunciation/add/").status_code, 403)

    def test_lessons_are_found_by_a_sentence(self):
        page = self.client.get("/admin/app/lesson/?q=Breathe")
        self.assertContains(page, "A Breath of Life")
        self.assertNotContains(self.client.get("/admin/app/lesson/?q=xyz"), "A Breath of Life")

    def test_a_learner_is_no_teacher(self):
        self.client.force_login(self.ada)
        self.assertEqual(self.client.get("/admin/app/userpronunciation/").status_code, 302)
