"""One box over tasks, units and files: by Chinese words and by 拼音首字母."""
