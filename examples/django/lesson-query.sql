select kind.id as content_type_id, line.id as object_id, line.sentence
from app_lessonline line
join app_lesson lesson on lesson.id = line.lesson_id
join django_content_type kind on kind.app_label = 'app' and kind.model = 'lessonline'
where lesson.kind = :contentType and lesson.level = :level
  and lesson.title = :title and line.number = :line
